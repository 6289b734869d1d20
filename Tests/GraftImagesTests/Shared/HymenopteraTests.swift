import Foundation
import GraftGraph
import Testing

@testable import GraftImages

@Suite(
  .enabled(if: SharedMaterial.url("data/hymenoptera") != nil, "needs ../shared/data/hymenoptera beside the checkout"))
struct HymenopteraTests {
  @Test func `the set is opened with its two folders and both classes`() throws {
    let sets = try ImageDatasets.open(try #require(SharedMaterial.url("data/hymenoptera")), seed: 1)
    #expect(sets.classes == ["ants", "bees"])
    // 244 photographs for training, and a picture that says that there is none.
    #expect(sets.training.count == 245)
    #expect(sets.validation.count == 153)
  }

  @Test func `every photograph is read, and the one file that is none is named`() async throws {
    let sets = try ImageDatasets.open(try #require(SharedMaterial.url("data/hymenoptera")), seed: 1)
    let samples = sets.training + sets.validation
    let loader = ImageLoader(
      samples: samples, view: EvaluationView(width: 32, height: 32), preprocessing: .caffe, batch: 64)
    var indices: [Int] = []
    var skipped: [SkippedImage] = []
    for try await batch in loader {
      indices += batch.indices
      skipped += batch.skipped
    }
    #expect(indices.count == 397)
    #expect(indices.filter { $0 < sets.training.count }.count == 244)
    #expect(skipped.map(\.sample.path) == ["train/ants/imageNotFound.gif"])
    #expect(skipped.map(\.reason) == [.placeholder(notice: "this image could not be found")])
  }

  @Test func `a strict loader stops at the file that is no photograph`() async throws {
    let sets = try ImageDatasets.open(try #require(SharedMaterial.url("data/hymenoptera")), seed: 1)
    let notice = try #require(sets.training.first { $0.path.hasSuffix("imageNotFound.gif") })
    let loader = ImageLoader(
      samples: [notice], view: EvaluationView(width: 32, height: 32), preprocessing: .caffe, batch: 1, strict: true)
    var iterator = loader.makeAsyncIterator()
    await #expect(
      throws: DatasetError.unreadableImage(
        path: notice.path, reason: .placeholder(notice: "this image could not be found"))
    ) { _ = try await iterator.next() }
  }
}
