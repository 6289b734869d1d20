import Foundation
import GraftArchitectures
import GraftCatalogue
import Testing

@Suite struct EmbeddedWeightsTests {
  @Test func `only the tiny SqueezeNet has weights in the program`() {
    #expect(EmbeddedWeights.all.map(\.architecture) == ["squeezenet-tiny"])
    #expect(EmbeddedWeights.of(.squeezenetTiny)?.file == "squeezenet-tiny.safetensors")
    #expect(EmbeddedWeights.of(.squeezenet) == nil)
  }

  @Test func `the bytes are those of the file in the repository, aligned as tensors are`() throws {
    let weights = try #require(EmbeddedWeights.of(.squeezenetTiny))
    let file = try Data(
      contentsOf: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "weights/\(weights.file)"))
    #expect(Array(weights.bytes) == Array(file))
    #expect(Int(bitPattern: weights.bytes.baseAddress) % 64 == 0)
  }
}
