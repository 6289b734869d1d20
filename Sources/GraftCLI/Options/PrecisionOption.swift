import ArgumentParser
import Graft

/// What is multiplied, in the command line's words, where photographs can tell what suits a network.
enum PrecisionOption: String, CaseIterable, ExpressibleByArgument {
  case auto, fp32, bf16

  static let help = ArgumentHelp(stringLiteral: text)

  /// - Parameter standard: what holds where the option is left out.
  static func help(orElse standard: String) -> ArgumentHelp { "\(text) (default: \(standard))" }

  private static let text = """
    What convolutions and dense layers multiply: fp32; bf16, which takes about half the time and keeps two to three digits; \
    or auto, which tries both on \(PrecisionTrial.photographs) of the photographs and takes bf16 where the processor has it \
    and features keep a cosine of \(PrecisionTrial.leastCosine) to those in fp32. Sums, the head and what trains are fp32 \
    always.
    """

  /// What was asked for; nil where a trial is to choose.
  ///
  /// - Throws: where the processor does not multiply so of itself.
  func choice() throws -> PrecisionChoice? {
    switch self {
    case .auto: nil
    case .fp32: .asked(.float32)
    case .bf16: try .bfloat16(otherwise: "fp32 or auto")
    }
  }
}

/// What is multiplied, where nothing but the user can tell.
enum FixedPrecisionOption: String, CaseIterable, ExpressibleByArgument {
  case fp32, bf16

  static let help: ArgumentHelp =
    "What convolutions and dense layers multiply: fp32, or bf16, which takes about half the time and keeps two to three digits."

  static let helpOfRun: ArgumentHelp =
    "What convolutions and dense layers multiply, fp32 or bf16, instead of what the run was trained in."

  /// - Throws: where the processor does not multiply so of itself.
  func choice() throws -> PrecisionChoice {
    switch self {
    case .fp32: .asked(.float32)
    case .bf16: try .bfloat16(otherwise: "fp32")
    }
  }
}

extension PrecisionChoice {
  fileprivate static func bfloat16(otherwise advice: String) throws -> PrecisionChoice {
    guard Precision.bfloat16.isNative else {
      throw ValidationError(
        "--precision is bf16, which this processor (\(Machine.current.instructionSet)) does not multiply of itself; "
          + "use \(advice)")
    }
    return .asked(.bfloat16)
  }
}
