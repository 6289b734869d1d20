import CDNNL
import Foundation

/// What the numbers were computed with: they repeat bit for bit only where all of this is the same.
public struct Machine: Hashable, Sendable, Codable {
  public var oneDNN: String
  /// The widest instruction set that oneDNN uses: `avx512_core_bf16`.
  public var instructionSet: String
  public var threads: Int

  public static var current: Machine {
    let version = dnnl_version().pointee
    return Machine(
      oneDNN: "\(version.major).\(version.minor).\(version.patch)",
      instructionSet: name(of: dnnl_get_effective_cpu_isa()),
      threads: ProcessInfo.processInfo.environment["OMP_NUM_THREADS"].flatMap(Int.init)
        ?? ProcessInfo.processInfo.activeProcessorCount)
  }

  private static func name(of isa: dnnl_cpu_isa_t) -> String {
    switch isa {
    case dnnl_cpu_isa_sse41: "sse41"
    case dnnl_cpu_isa_avx: "avx"
    case dnnl_cpu_isa_avx2: "avx2"
    case dnnl_cpu_isa_avx2_vnni: "avx2_vnni"
    case dnnl_cpu_isa_avx512_core: "avx512_core"
    case dnnl_cpu_isa_avx512_core_vnni: "avx512_core_vnni"
    case dnnl_cpu_isa_avx512_core_bf16: "avx512_core_bf16"
    case dnnl_cpu_isa_avx512_core_amx: "avx512_core_amx"
    default: "isa \(isa.rawValue)"
    }
  }
}
