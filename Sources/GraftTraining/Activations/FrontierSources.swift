import GraftEngine
import GraftGraph
import GraftImages
import Logging

/// The training and the validation images of one training at its frontier.
@EngineActor
struct FrontierSources {
  let training: FrontierSource
  let validation: FrontierSource
  let hasFrozenPart: Bool
  private let samples: [Sample]
  private let store: FrontierStore?

  /// Opens what earlier trainings have left, and decides where activations are kept: in memory where they fit into
  /// `cacheSize`; else in the frontier cache, if there is one that holds them all; else nowhere.
  ///
  /// - Parameters:
  ///   - logits: the network of which the frontier is a part.
  ///   - frontier: where training begins.
  init(_ trainer: Trainer, logits: LayerGraph, frontier: [LayerGraph.Node]) async throws {
    let (model, configuration) = (trainer.model, trainer.configuration)
    let layout = FrontierLayout(frontier)
    samples = trainer.training + trainer.validation
    let fitsMemory = layout.byteCount * samples.count <= configuration.cacheSize
    var prefix: FrozenPrefix?
    var store: FrontierStore?
    // Images that nothing frozen follows are decoded about as fast as they are read, being much larger than their files.
    if !frontier.allSatisfy({ $0.layer is InputLayer }) {
      let graph = try logits.cut(at: frontier.map(\.name))
      prefix = FrozenPrefix(graph, parameters: model.parameters, precision: configuration.precision)
      if let cache = configuration.frontierCache, cache.holds(samples.count, of: layout) {
        store = await FrontierStore.open(cache, layout: layout) {
          try await FrontierContext(
            prefix: graph, parameters: model.parameters, frontier: frontier, view: model.view,
            preprocessing: model.preprocessing, batch: InferenceProgram.preferredBatch,
            compute: configuration.precision.rawValue + " " + (ConvolutionAlgorithms.record?.identity ?? "direct"))
        }
      }
    }
    let retention: FrontierSource.Retention = fitsMemory ? .memory : store != nil ? .disk : .none
    let (opened, frozen) = (store, prefix)
    func source(_ samples: [Sample]) -> FrontierSource {
      FrontierSource(samples: samples, prefix: frozen, frontier: frontier, retention: retention, store: opened) {
        samples, batch, allowsNone in
        ImageLoader(
          samples: samples, view: model.view, preprocessing: model.preprocessing, batch: batch,
          strict: configuration.isStrict, allowsNone: allowsNone,
          fingerprint: opened == nil ? nil : FrontierStore.fingerprint)
      }
    }
    training = source(trainer.training)
    validation = source(trainer.validation)
    hasFrozenPart = prefix != nil
    self.store = opened
    Logger(label: "graft.training").debug(
      "frontier", metadata: ["bytes": "\(layout.byteCount)", "retention": "\(retention)"])
  }

  /// Whether no epoch computes what another has.
  var isCached: Bool { !training.isRecomputed && !validation.isRecomputed }

  /// Images whose activations earlier trainings have left.
  var remembered: Int { training.remembered + validation.remembered }

  /// Finds the readable images, and remembers their activations or finds them remembered.
  ///
  /// - Parameter report: called with the number of images done.
  func prepare(report: (Int) -> Void, skip: (SkippedImage) -> Void) async throws {
    // All files are looked at before the first is decoded: room is made for the whole training, or not at all.
    let known = try await store?.keys(of: samples) ?? samples.map { _ in nil }
    store?.makeRoom(for: known)
    let count = samples.count - validation.samples.count
    try await training.prepare(known: Array(known[..<count]), report: report, skip: skip)
    try await validation.prepare(known: Array(known[count...]), report: { report(count + $0) }, skip: skip)
  }
}
