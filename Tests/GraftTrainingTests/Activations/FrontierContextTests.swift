import GraftFormats
import GraftGraph
import GraftImages
import GraftTensors
import Testing

@testable import GraftTraining

@Suite struct FrontierContextTests {
  private func context(
    _ model: TrainedModel? = nil, frontier: [String] = ["conv2"], batch: Int = 16, compute: String = "float32"
  ) async throws -> [UInt8] {
    let model = try model ?? ToyTask.model()
    return try await FrontierContext(
      prefix: model.graph.cut(at: frontier), parameters: model.parameters,
      frontier: frontier.map { try model.graph.node($0) }, view: model.view, preprocessing: model.preprocessing,
      batch: batch, compute: compute
    ).digest
  }

  @Test func `the same facts give the same 32 bytes, and each other fact others`() async throws {
    let first = try await context()
    #expect(first.count == 32)
    #expect(try await context() == first)
    var contexts: Set<[UInt8]> = [first]
    contexts.insert(try await context(frontier: ["conv1"]))
    contexts.insert(try await context(frontier: ["conv1", "conv2"]))
    contexts.insert(try await context(frontier: ["conv2", "conv1"]))
    contexts.insert(try await context(batch: 8))
    contexts.insert(try await context(compute: "bfloat16"))
    for change: (inout TrainedModel) -> Void in [
      { $0.view.width = 9 }, { $0.view.height = 9 }, { $0.view.resize = .shorterSideAndCrop },
      { $0.preprocessing.channelOrder = .bgr }, { $0.preprocessing.scale = 1 }, { $0.preprocessing.mean[2] = 0.5 },
      { $0.preprocessing.standardDeviation[0] = 2 },
      { $0.parameters["conv2/bias"] = Tensor([0, 0, 0, 0, 0, 1e-30], shape: [6]) },
      { $0.parameters["conv1/bias"] = $0.parameters["conv1/bias"]?.converted(to: .float64) },
    ] {
      var model = try ToyTask.model()
      change(&model)
      contexts.insert(try await context(model))
    }
    #expect(contexts.count == 15)
  }

  @Test func `what follows the frontier is no part of it`() async throws {
    var model = try ToyTask.model(dropout: 0.5)
    model.parameters["head_dense/bias"] = Tensor([1, 2], shape: [2])
    #expect(try await context(model) == context())
  }

  @Test func `the running code is named file by file, and is always the same`() {
    let facts = RunningCode.facts
    #expect(facts == RunningCode.facts)
    for library in ["libdnnl", "libturbojpeg", "libpng", "libwebp", "libopencv_imgproc", "libc.so", "libm.so"] {
      #expect(facts.contains("/\(library)"), "\(library)")
    }
    #expect(!facts.contains("libcrypto"))
  }
}
