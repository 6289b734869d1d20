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

  @Test func `every file is read`() async throws {
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
    #expect(indices == Array(samples.indices))
    #expect(skipped == [])
  }
}
