import Foundation
import GraftGraph
import GraftTensors

extension Parameters {
  /// What `initialized` gives, each tensor in memory of its own that goes back to the system with it, as a file's would:
  /// `malloc` keeps what it gets back, and a measurement of memory would count it.
  ///
  /// - Throws: the system's error where there is not so much memory.
  static func mapped(_ specifications: [ParameterSpecification], seed: UInt64) throws -> Parameters {
    var parameters = Parameters()
    for specification in specifications {
      let mapping = try AnonymousMapping(count: specification.shape.count)
      var numbers = mapping.numbers.mutableSpan
      specification.initialize(&numbers, seed: seed)
      parameters[specification.name] = Tensor(
        borrowing: UnsafeRawBufferPointer(mapping.numbers), owner: mapping, shape: specification.shape,
        dataType: .float32)
    }
    return parameters
  }
}

/// Pages of memory that no file has.
private final class AnonymousMapping {
  let numbers: UnsafeMutableBufferPointer<Float>

  init(count: Int) throws {
    let address = mmap(nil, max(count * 4, 1), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let address, address != MAP_FAILED else { throw POSIXError(.ENOMEM) }
    numbers = UnsafeMutableRawBufferPointer(start: address, count: count * 4).bindMemory(to: Float.self)
  }

  deinit {
    munmap(numbers.baseAddress, max(numbers.count * 4, 1))
  }
}
