import Foundation
import GraftGraph
import GraftImages
import GraftPlanning
import Testing

@testable import GraftTraining

/// Rules by hand: at the head 24 bytes an image, on the disk 48 of key and 32 of checksum more, and 64 for the file.
@Suite struct CachePlanTests {
  private func plan(
    _ unfreeze: LayerSelector = .head, cacheSize: Int = 1 << 30, limit: Int? = 1 << 30,
    augmentation: Augmentation? = Augmentation(), views: Int? = 3, epochs: Int = 10, training: Int = 12
  ) throws -> CachePlan {
    let model = try ToyTask.model()
    var configuration = ToyTask.configuration(epochs: epochs, cacheSize: cacheSize)
    configuration.augmentation = augmentation
    configuration.views = views
    configuration.frontierCache = limit.map { FrontierCache(URL(filePath: "/nowhere"), limit: $0) }
    let logits = try model.graph.withoutFinalSoftmax()
    let frontier = try FreezePlan(unfreeze, graph: model.graph, head: model.head).frontier(of: logits)
    return CachePlan(
      frontier: try frontier.map { try logits.node($0) }, trainingImages: training, validationImages: 6,
      configuration: configuration)
  }

  @Test func `views multiply the training images alone`() throws {
    let plan = try plan()
    #expect((plan.bytesPerImage, plan.views, plan.bytes) == (24, 3, 24 * 42))
    #expect((plan.memoryBytes, plan.diskBytes) == (24 * 42, 64 + 104 * 42))
    #expect((plan.training, plan.validation) == (.memory, .memory))
    #expect(try self.plan(augmentation: nil, views: nil).bytes == 24 * 18)
    #expect(try self.plan(.from("conv2")).bytesPerImage == 6 * 6 * 6 * 4)
  }

  @Test func `where nobody says there are four views, no more than epochs, and one an epoch where nothing is frozen`()
    throws
  {
    #expect(try plan(views: nil).views == 4)
    #expect(try plan(views: nil, epochs: 2).views == 2)
    #expect(try plan(views: 30).views == 10)
    #expect(try plan(.all, views: nil).views == 10)
    #expect(try plan(.all, views: 3).views == 3)
    #expect(try plan(augmentation: nil, views: nil).views == 1)
  }

  @Test(arguments: [
    // What memory holds, the disk's limit, and what becomes of training and validation images.
    (24 * 42, 64 + 104 * 42, CachePlan.Place.memory, CachePlan.Place.memory, 24 * 42, 64 + 104 * 42),
    (24 * 42, 64 + 104 * 42 - 1, .memory, .memory, 24 * 42, 0),
    (24 * 42 - 1, 64 + 104 * 42, .disk, .disk, 0, 64 + 104 * 42),
    (24 * 42 - 1, 64 + 104 * 42 - 1, .nowhere, .memory, 24 * 6, 0),
    (24 * 6 - 1, 64 + 104 * 42 - 1, .nowhere, .nowhere, 0, 0),
  ])
  func `memory first, then the disk, then nothing`(
    cacheSize: Int, limit: Int, training: CachePlan.Place, validation: CachePlan.Place, memory: Int, disk: Int
  ) throws {
    let plan = try plan(cacheSize: cacheSize, limit: limit)
    #expect((plan.training, plan.validation) == (training, validation))
    #expect((plan.memoryBytes, plan.diskBytes) == (memory, disk))
  }

  @Test func `where nothing is frozen views are decoded anew, and decoded images never go to the disk`() throws {
    let views = try plan(.all)
    #expect(!views.hasFrozenPart && views.bytesPerImage == 3 * 8 * 8 * 4)
    #expect((views.training, views.validation, views.diskBytes) == (.nowhere, .memory, 0))
    let still = try plan(.all, augmentation: nil, views: nil)
    #expect((still.training, still.validation, still.diskBytes) == (.memory, .memory, 0))
  }

  @Test func `numbers beyond all memory are no crash`() throws {
    let plan = try plan(views: .max, epochs: .max, training: 1000)
    #expect((plan.bytes, plan.training, plan.diskBytes) == (.max, .nowhere, 0))
  }
}
