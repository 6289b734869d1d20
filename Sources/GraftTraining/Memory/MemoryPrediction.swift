import GraftEngine
import GraftGraph
import GraftLearning
import GraftTensors

/// The most memory that a process is going to hold, put together from its parts, in bytes.
public struct MemoryPrediction: Hashable, Sendable, Codable {
  /// One program and what it is run with.
  public struct Program: Hashable, Sendable, Codable {
    public let name: String
    /// Code, libraries, and whatever else the process holds when the program is compiled; of what came before, also the part
    /// that `malloc` got back and kept.
    public let process: Int
    /// The parameters as they are given, float32. Each goes as soon as the engine has a copy in its own layout.
    public let givenParameters: Int
    /// What the program holds.
    public let held: ProgramMemory
    /// What the optimizer remembers from step to step.
    public let optimizerState: Int
    /// Code that oneDNN generates for this program's primitives.
    public let kernels: Int
    /// Images or activations that go in, and what comes out, as far as they are not there when the program is compiled.
    public let batches: Int

    /// - Parameters:
    ///   - process: the bytes that the process holds before anything of the program is there.
    ///   - given: the parameters of the graph that was compiled; nobody else holds them.
    ///   - stepCount: the program's.
    ///   - optimizer: nil where nothing trains.
    ///   - batches: the bytes of what goes in, and what comes out, where `process` does not hold them yet.
    public init(
      _ name: String, process: Int, given: [ParameterSpecification], held: ProgramMemory, stepCount: Int,
      optimizer: (any Optimizer)? = nil, batches: Int
    ) {
      self.name = name
      self.process = process
      givenParameters = given.reduce(0) { $0 + $1.shape.count * 4 }
      self.held = held
      // A number for each of the gradient's, in arrays of the same length.
      optimizerState = held.gradients * (optimizer?.stateCountPerElement ?? 0)
      kernels = stepCount * MemoryPrediction.kernelByteCount
      self.batches = batches
    }

    /// While it is compiled, what is given shrinks as what is held grows; in the arena nothing has been written yet.
    public var whileCompiling: Int { process + max(givenParameters, held.parameters) }
    public var whileRunning: Int { process + held.total + optimizerState + kernels + batches }
    public var peak: Int { max(whileCompiling, whileRunning) }
  }

  /// One after another: none begins before the last has gone.
  public var programs: [Program] = []

  /// oneDNN's code for a primitive and what it keeps about it, on average over the steps of the networks of
  /// docs/BENCHMARKS.md.
  static let kernelByteCount = 25 << 10
  /// What oneDNN and OpenMP add to a process once they compute: their own code, as far as it is used.
  public static let mappedCodeByteCount = 5 << 20

  public init() {}

  public var peak: Int { programs.map(\.peak).max() ?? 0 }
}
