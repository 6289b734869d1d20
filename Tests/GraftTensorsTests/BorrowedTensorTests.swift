import Foundation
import GraftTensors
import Testing

@Suite struct `Tensors of borrowed bytes` {
  @Test func `elements that lie askew in somebody's bytes are read as they are`() {
    let owner = NSMutableData(length: 17) ?? NSMutableData()
    let bytes = UnsafeRawBufferPointer(start: owner.mutableBytes, count: 17)
    for (index, number) in [Float(1.5), -2, 3, 4].enumerated() {
      owner.mutableBytes.storeBytes(of: number, toByteOffset: 1 + 4 * index, as: Float.self)
    }
    let tensor = Tensor(
      borrowing: UnsafeRawBufferPointer(rebasing: bytes[1...]), owner: owner, shape: [2, 2], dataType: .float32)
    #expect(tensor.floats == [1.5, -2, 3, 4])
    #expect(tensor.permuted([1, 0]).floats == [1.5, 3, -2, 4])
    #expect(tensor.withUnsafeStorage { $0.baseAddress } == bytes.baseAddress.map { $0 + 1 })
    var copy = tensor
    copy.withUnsafeMutableBytes { $0.storeBytes(of: 9, as: Float.self) }
    #expect(copy.floats == [9, -2, 3, 4])
    #expect(tensor.floats == [1.5, -2, 3, 4])
  }

  @Test func `one number everywhere takes no room until it is asked for`() {
    let tensor = Tensor(repeating: 2.5, shape: [1 << 20, 1 << 20])
    #expect(tensor.shape == [1 << 20, 1 << 20])
    #expect(tensor[rows: 0..<1].permuted([1, 0])[rows: 3..<6].floats == [2.5, 2.5, 2.5])
  }
}
