import Foundation
import GraftEngine
import GraftFormats
import GraftTensors
import Testing

/// `--precision`, on a processor that multiplies bfloat16 of itself and on one that is told not to.
@Suite struct PrecisionTests {
  private static let without = ["ONEDNN_MAX_CPU_ISA": "AVX512_CORE", "DNNL_MAX_CPU_ISA": "AVX512_CORE"]
  private let place: Workplace
  private var cache: String { place.path("cache") }

  init() throws { place = try Workplace() }

  private func features(_ precision: String, environment: [String: String] = [:]) throws -> GraftProgram.Outcome {
    try GraftProgram.run(
      "features", "--backbone", "squeezenet-tiny", "--data", "photos", "--precision", precision, "--out",
      "\(precision).npy", "--json", in: place.folder, environment: environment)
  }

  private func table(_ precision: String) throws -> Tensor {
    try NumPyFile.read(contentsOf: place.folder.appending(path: "\(precision).npy"))
  }

  @Test(.enabled(if: Precision.bfloat16.isNative, "this processor does not multiply bfloat16 of itself"))
  func `features in bfloat16 point where those in float32 do`() throws {
    for precision in ["fp32", "bf16", "auto"] { #expect(try features(precision).status == 0) }
    let (exact, short) = (try table("fp32"), try table("bf16"))
    #expect(exact.floats != short.floats)
    #expect(try table("auto").floats == short.floats)
    for row in 0..<exact.shape[0] {
      let (a, b) = (exact[rows: row..<row + 1].floats, short[rows: row..<row + 1].floats)
      func product(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
      #expect(product(a, b) / (product(a, a) * product(b, b)).squareRoot() >= 0.999)
    }
  }

  @Test func `where the processor has no bfloat16, auto is float32, and bf16 is refused`() throws {
    #expect(try features("fp32", environment: Self.without).status == 0)
    #expect(try features("auto", environment: Self.without).status == 0)
    #expect(try table("auto").floats == table("fp32").floats)
    let refused = try features("bf16", environment: Self.without)
    #expect(refused.status == 64)
    #expect(
      refused.messages.contains("does not multiply of itself; use fp32 or auto"), "\(refused.messages)")
    #expect(!place.names.contains("bf16.npy"))
  }

  @Test(.enabled(if: Precision.bfloat16.isNative, "this processor does not multiply bfloat16 of itself"))
  func `a training's precision is in its record, and activations of another are not taken for its own`() throws {
    struct Report: Decodable { let imagesRemembered: Int }
    for (precision, remembered) in [("fp32", 0), ("bf16", 0), ("bf16", 10), ("fp32", 10)] {
      let run = "\(precision)-\(remembered)"
      let outcome = try place.finetune(
        "--epochs", "1", "--precision", precision, "--out", run, "--json", cache: cache)
      #expect(outcome.status == 0, "\(outcome.messages)")
      let report: Report = try outcome.decoded()
      #expect(report.imagesRemembered == remembered, "\(run)")
      let record = try JSONSerialization.jsonObject(
        with: Data(contentsOf: place.folder.appending(path: "\(run)/run.json")))
      let configuration = (record as? [String: Any])?["configuration"] as? [String: Any]
      #expect(configuration?["precision"] as? String == precision)
    }
  }
}
