import GraftEngine
import GraftGraph
import GraftImages
import Logging

/// The training and the validation images of one training at its frontier.
@EngineActor
struct FrontierSources {
  /// With the images of the target domain, where there is one, after the labelled ones.
  let training: FrontierSource
  let validation: FrontierSource
  let plan: CachePlan
  private let store: FrontierStore?
  private let photographs: PhotographHashes
  private let evaluationView: KeyedView
  /// Of the training images.
  private let viewNumbered: (Int) throws -> KeyedView

  /// Opens what earlier trainings have left, and keeps activations where the plan says.
  ///
  /// - Parameters:
  ///   - logits: the network of which the frontier is a part.
  ///   - frontier: where training begins.
  ///   - photographs: the hashes of the trainer's samples, where they have been asked for before.
  init(
    _ trainer: Trainer, logits: LayerGraph, frontier: [LayerGraph.Node], photographs: PhotographHashes? = nil
  ) async throws {
    let (model, configuration) = (trainer.model, trainer.configuration)
    let plan = CachePlan(
      frontier: frontier, trainingImages: trainer.seen.count, validationImages: trainer.validation.count,
      configuration: configuration)
    var prefix: FrozenPrefix?
    var store: FrontierStore?
    if plan.hasFrozenPart {
      let graph = try logits.cut(at: frontier.map(\.name))
      prefix = FrozenPrefix(graph, parameters: model.parameters, precision: configuration.precision)
      if let cache = configuration.frontierCache, plan.diskBytes > 0 {
        store = await FrontierStore.open(cache, layout: FrontierLayout(frontier)) {
          try await FrontierContext(
            prefix: graph, parameters: model.parameters, frontier: frontier, view: model.view,
            preprocessing: model.preprocessing, batch: InferenceProgram.preferredBatch,
            compute: configuration.precision.rawValue + " " + (ConvolutionAlgorithms.record?.identity ?? "direct"))
        }
      }
    }
    let (opened, frozen) = (store, prefix)
    func source(
      _ samples: [Sample], _ place: CachePlan.Place, _ viewNumbered: @escaping (Int) throws -> KeyedView
    ) -> FrontierSource {
      FrontierSource(
        samples: samples, prefix: frozen, frontier: frontier,
        retention: place == .disk && opened == nil ? .nowhere : place, store: opened, viewNumbered: viewNumbered
      ) { samples, view, batch, allowsNone in
        ImageLoader(
          samples: samples, view: view, preprocessing: model.preprocessing, batch: batch,
          strict: configuration.isStrict, allowsNone: allowsNone,
          fingerprint: opened == nil ? nil : FrontierStore.fingerprint)
      }
    }
    let evaluation = KeyedView(model.view)
    viewNumbered = { try configuration.view($0, of: model.view) }
    training = source(trainer.seen, plan.training, viewNumbered)
    validation = source(trainer.validation, plan.validation) { _ in evaluation }
    evaluationView = evaluation
    self.photographs = photographs ?? PhotographHashes(trainer)
    self.plan = plan
    self.store = opened
    Logger(label: "graft.training").debug(
      "frontier",
      metadata: [
        "bytes": "\(plan.bytesPerImage)", "views": "\(plan.views)", "training": "\(plan.training)",
        "validation": "\(plan.validation)",
      ])
  }

  var hasFrozenPart: Bool { plan.hasFrozenPart }

  /// Whether no epoch computes what another has.
  var isCached: Bool { !training.isRecomputed && !validation.isRecomputed }

  /// Images whose activations earlier trainings have left, in all views that were asked for so far.
  var remembered: Int { training.remembered + validation.remembered }

  /// The number of the view of the training images in an epoch.
  ///
  /// - Parameter epoch: counted from 1.
  func view(of epoch: Int) -> Int { (epoch - 1) % plan.views }

  /// Finds the readable images, and remembers the activations of their first view or finds them remembered.
  ///
  /// - Parameter report: called with the number of images done.
  func prepare(report: (Int) -> Void, skip: (SkippedImage) -> Void) async throws {
    // All files are looked at before the first is decoded: room is made for the whole training, or not at all.
    let hashes = store == nil ? ([], []) : try await photographs.all()
    if let store { try store.makeRoom(for: missing(hashes.0, hashes.1, in: store)) }
    let count = training.samples.count
    try await training.prepare(contents: hashes.0, report: report, skip: skip)
    try await validation.prepare(contents: hashes.1, report: { report(count + $0) }, skip: skip)
  }

  /// How many records the training will add.
  private func missing(
    _ training: [[UInt8]?], _ validation: [[UInt8]?], in store: FrontierStore
  ) throws -> Int {
    func missing(_ contents: [[UInt8]?], _ view: KeyedView) -> Int {
      contents.count { content in content.map { !store.contains(ImageKey(content: $0, view: view)) } ?? false }
    }
    var count = missing(validation, evaluationView)
    for number in 0..<plan.views { count += try missing(training, viewNumbered(number)) }
    return count
  }
}
