import GraftTensors
import Testing

@testable import GraftImport

@Suite struct KerasTensorLayoutTests {
  /// Numbers that count the file's tensor, as the graph has them.
  private func turned(_ layout: KerasTensorLayout, _ shape: Shape) -> [Float] {
    let file = layout.fileShape(shape)
    return layout.graphTensor(Tensor((0..<file.count).map(Float.init), shape: file), shape: shape).floats
  }

  @Test func `each layout has its shape in the file`() {
    #expect(KerasTensorLayout.convolution.fileShape([5, 4, 3, 2]) == [3, 2, 4, 5])
    #expect(KerasTensorLayout.theanoConvolution.fileShape([5, 4, 3, 2]) == [5, 4, 3, 2])
    #expect(KerasTensorLayout.depthwise(multiplier: 2).fileShape([6, 1, 3, 2]) == [3, 2, 3, 2])
    #expect(KerasTensorLayout.theanoDepthwise(multiplier: 2).fileShape([6, 1, 3, 2]) == [2, 3, 3, 2])
    #expect(KerasTensorLayout.denseAtPositions.fileShape([5, 4, 1, 1]) == [4, 5])
    #expect(KerasTensorLayout.channelsLast.fileShape([3, 4, 5]) == [4, 5, 3])
  }

  @Test func `each layout's numbers find their places`() {
    // Output o of input i is number 2i + o of the file.
    #expect(turned(.convolution, [2, 3, 1, 1]) == [0, 2, 4, 1, 3, 5])
    #expect(turned(.denseAtPositions, [2, 3, 1, 1]) == [0, 2, 4, 1, 3, 5])
    #expect(turned(.dense, [2, 3]) == [0, 2, 4, 1, 3, 5])
    #expect(turned(.theanoConvolution, [2, 3, 1, 1]) == [0, 1, 2, 3, 4, 5])
    // Output 2c + m, column x: [1, 2, 3, 2] counts 6x + 2c + m, [2, 3, 1, 2] counts 6m + 2c + x.
    #expect(turned(.depthwise(multiplier: 2), [6, 1, 1, 2]) == [0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11])
    #expect(turned(.theanoDepthwise(multiplier: 2), [6, 1, 1, 2]) == [0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11])
    #expect(turned(.channelsLast, [2, 1, 3]) == [0, 2, 4, 1, 3, 5])
  }
}
