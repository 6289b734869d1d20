import ArgumentParser
import Graft

/// What is multiplied, in the command line's words.
enum PrecisionOption: String, CaseIterable, ExpressibleByArgument {
  case auto, fp32, bf16

  static let help: ArgumentHelp = """
    What convolutions and dense layers multiply: fp32; bf16, which takes about half the time and keeps two to three digits; \
    or auto, which is bf16 where the processor has it, whatever the network. Sums, the head and what trains are fp32 always.
    """

  /// - Throws: where the processor does not multiply so of itself.
  func resolved() throws -> Precision {
    switch self {
    case .fp32: return .float32
    case .auto: return Precision.bfloat16.isNative ? .bfloat16 : .float32
    case .bf16:
      guard Precision.bfloat16.isNative else {
        throw ValidationError(
          "--precision is bf16, which this processor (\(Machine.current.instructionSet)) does not multiply of itself; "
            + "use fp32 or auto")
      }
      return .bfloat16
    }
  }
}
