import GraftEngine
import GraftGraph
import GraftImages
import GraftTensors

/// The frozen prefix of a network over a set of images: run once for each view of an image that an epoch asks for, and
/// remembered where memory or the frontier cache allow, otherwise anew whenever a batch is asked for.
@EngineActor
final class FrontierSource {
  typealias Decoder = (_ samples: [Sample], _ view: any ImageView, _ batch: Int, _ allowsNone: Bool) -> ImageLoader

  let loaderFor: Decoder
  let viewNumbered: (Int) throws -> KeyedView
  private let prefix: FrozenPrefix?
  let layout: FrontierLayout
  let store: FrontierStore?
  let retention: CachePlan.Place
  /// By number, the views that have been prepared.
  var views: [Int: RememberedView] = [:]
  /// For each of `samples`, the SHA-256 of its file; empty without a store.
  var contents: [[UInt8]?] = []
  /// For each of `samples`, whether an earlier training has done all views that were asked for.
  var isRemembered: [Bool] = []
  /// The readable images.
  private(set) var samples: [Sample] { didSet { labelledCount = samples.count { !$0.targets.isEmpty } } }
  /// How many of them a label is known of: all but those of a target domain. Asked for in every step.
  private(set) var labelledCount: Int
  private(set) var skipped: [SkippedImage] = []

  /// - Parameters:
  ///   - prefix: what precedes the frontier; nil where the images themselves are the frontier.
  ///   - store: what earlier trainings have left, and this one leaves; nil for nothing.
  ///   - viewNumbered: the views that batches can be asked for.
  ///   - loaderFor: decodes and preprocesses the given images in order.
  init(
    samples: [Sample], prefix: FrozenPrefix?, frontier: [LayerGraph.Node], retention: CachePlan.Place,
    store: FrontierStore?, viewNumbered: @escaping (Int) throws -> KeyedView, loaderFor: @escaping Decoder
  ) {
    self.samples = samples
    labelledCount = samples.count { !$0.targets.isEmpty }
    self.prefix = prefix
    self.retention = retention
    self.store = store
    self.viewNumbered = viewNumbered
    self.loaderFor = loaderFor
    layout = FrontierLayout(frontier)
  }

  /// Whether each epoch computes all activations anew: nothing holds them, or a disk that filled up holds only some.
  var isRecomputed: Bool { retention == .nowhere || retention == .disk && store?.isUsable != true }

  /// How many images an earlier training has done, in all views that were asked for so far.
  var remembered: Int { isRemembered.count { $0 } }

  /// How many rows memory holds, of all views together.
  var rowCount: Int { views.values.reduce(0) { $0 + $1.rowCount } }

  /// Finds the readable images, and prepares the first view of them.
  ///
  /// - Parameters:
  ///   - contents: the SHA-256 of each image's file; nil for one that cannot be read, empty without a store.
  ///   - report: called with the number of images done after each batch.
  func prepare(contents: [[UInt8]?], report: (Int) -> Void, skip: (SkippedImage) -> Void) async throws {
    self.contents = contents
    isRemembered = samples.map { _ in retention != .nowhere }
    try await prepare(view: 0, report: report, skip: skip)
  }

  /// Whether batches of a view cost no more than looking it up.
  func isPrepared(_ view: Int) -> Bool { isRecomputed || views[view] != nil }

  func note(_ images: [SkippedImage], _ skip: (SkippedImage) -> Void) {
    skipped += images
    images.forEach(skip)
  }

  /// Forgets all other images, which can no longer be read.
  func keep(_ indices: [Int]) {
    guard indices.count < samples.count else { return }
    samples = indices.map { samples[$0] }
    if !contents.isEmpty { contents = indices.map { contents[$0] } }
    if !isRemembered.isEmpty { isRemembered = indices.map { isRemembered[$0] } }
    for number in views.keys { views[number]?.keep(indices) }
  }

  /// Leaves out images, whatever is remembered of them.
  func forget(_ images: Set<Sample>) {
    guard !images.isEmpty else { return }
    keep(samples.indices.filter { !images.contains(samples[$0]) })
  }

  func activations(of images: Tensor) throws -> [String: Tensor] {
    guard let prefix else { return [layout.names[0]: images] }
    return try prefix.activations(of: images)
  }
}
