import GraftEngine
import GraftImages
import GraftTensors

extension FrontierSource {
  /// What memory holds of a view of images, `[n, …]` by the name of the frontier tensor; nil where it holds nothing.
  ///
  /// - Parameter indices: into `samples`.
  func rows(of indices: [Int], view: Int) -> [String: Tensor]? {
    guard let remembered = views[view], retention == .memory else { return nil }
    return remembered.rows.mapValues { $0.gathered(indices.map { remembered.positions[$0] }) }
  }

  /// Leaves out images, whatever is remembered of them.
  func forget(_ images: Set<Sample>) {
    guard !images.isEmpty else { return }
    keep(samples.indices.filter { !images.contains(samples[$0]) })
  }
}
