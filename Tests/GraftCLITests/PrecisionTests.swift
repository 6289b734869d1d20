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
    for precision in ["fp32", "bf16"] { #expect(try features(precision).status == 0) }
    let (exact, short) = (try table("fp32"), try table("bf16"))
    #expect(exact.floats != short.floats)
    for row in 0..<exact.shape[0] {
      let (a, b) = (exact[rows: row..<row + 1].floats, short[rows: row..<row + 1].floats)
      func product(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
      #expect(product(a, b) / (product(a, a) * product(b, b)).squareRoot() >= 0.999)
    }
  }

  /// What every command with a precision reports.
  private struct Report: Decodable {
    struct Choice: Decodable {
      struct Trial: Decodable {
        let leastCosine, meanCosine: Double
        let photographs: Int
      }

      let precision, reason: String
      let trial: Trial?
    }

    let precision: String
    let precisionChoice: Choice
    let imagesRemembered: Int?
  }

  private func record(_ run: String) throws -> Report.Choice? {
    struct Record: Decodable {
      struct Configuration: Decodable { let precision: String }
      let configuration: Configuration
      let precisionChoice: Report.Choice?
    }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let record = try decoder.decode(
      Record.self, from: Data(contentsOf: place.folder.appending(path: "\(run)/run.json")))
    #expect(record.configuration.precision == record.precisionChoice?.precision)
    return record.precisionChoice
  }

  @Test(.enabled(if: Precision.bfloat16.isNative, "this processor does not multiply bfloat16 of itself"))
  func `left out, the precision is chosen by trying, and the choice is told everywhere`() throws {
    let outcome = try GraftProgram.run(
      "features", "--backbone", "squeezenet-tiny", "--data", "photos", "--out", "auto.npy", "--json", in: place.folder)
    let report: Report = try outcome.decoded()
    let trial = try #require(report.precisionChoice.trial)
    #expect(trial.photographs == 8 && trial.leastCosine <= trial.meanCosine && trial.meanCosine <= 1)
    let expected = trial.leastCosine >= 0.999 ? "bf16" : "fp32"
    #expect(report.precision == expected && report.precisionChoice.reason == "trial")
    #expect(
      outcome.messages.contains(
        "precision: \(expected), because features of 8 photographs in bf16 have a cosine of 0.9"), "\(outcome.messages)"
    )
    #expect(try features(expected).status == 0)
    #expect(try table("auto").floats == table(expected).floats)

    let first = try place.finetune("--epochs", "1", "--out", "first", "--json", cache: cache)
    let found: Report = try first.decoded()
    #expect(found.precisionChoice.reason == "trial" && found.precisionChoice.trial?.photographs == 8)
    // The line stands before the training's first.
    let lines = first.messages.split(separator: "\n")
    let line = try #require(lines.firstIndex { $0.hasPrefix("precision: ") })
    #expect(line < (lines.firstIndex { $0.hasPrefix("frozen part") } ?? 0), "\(first.messages)")
    #expect(try record("first")?.trial?.leastCosine == found.precisionChoice.trial?.leastCosine)
    let second: Report = try place.finetune("--epochs", "1", "--out", "second", "--json", cache: cache).decoded()
    #expect(second.imagesRemembered == 10)
    #expect(second.precisionChoice.trial?.meanCosine == found.precisionChoice.trial?.meanCosine)
    // Whoever names a precision gets it without a trial.
    let asked: Report = try place.finetune(
      "--epochs", "1", "--precision", "fp32", "--out", "asked", "--json", cache: cache
    ).decoded()
    #expect(asked.precision == "fp32" && asked.precisionChoice.reason == "asked" && asked.precisionChoice.trial == nil)
  }

  @Test(.enabled(if: Precision.bfloat16.isNative, "this processor does not multiply bfloat16 of itself"))
  func `a run's precision is that of what is made of it`() throws {
    #expect(try place.finetune("--epochs", "1", "--precision", "bf16", "--out", "run").status == 0)
    func predict(
      _ options: String..., environment: [String: String] = [:]
    ) throws -> (report: Report, probability: Double, messages: String) {
      struct Answer: Decodable {
        struct Photograph: Decodable {
          struct Guess: Decodable { let probability: Double }
          let predictions: [Guess]
        }
        let images: [Photograph]
      }
      let outcome = try GraftProgram.run(
        ["predict", "run", "photos/red/1.bmp", "--json"] + options, in: place.folder, environment: environment)
      let answer: Answer = try outcome.decoded()
      return (try outcome.decoded(), answer.images[0].predictions[0].probability, outcome.messages)
    }
    let (own, asBF16, asFP32) = (try predict(), try predict("--precision", "bf16"), try predict("--precision", "fp32"))
    #expect(own.report.precision == "bf16" && own.report.precisionChoice.reason == "run" && own.messages == "")
    #expect(asFP32.report.precision == "fp32" && asFP32.report.precisionChoice.reason == "asked")
    #expect(own.probability == asBF16.probability && own.probability != asFP32.probability)
    let without = try predict(environment: Self.without)
    #expect(without.report.precision == "fp32" && without.report.precisionChoice.reason == "processor")
    #expect(
      without.messages.contains(
        "precision: fp32, because this processor (avx512_core) has no bf16, in which the run was trained\n"))

    let evaluated: Report = try place.graft("evaluate", "run", "--data", "photos", "--json").decoded()
    #expect(evaluated.precision == "bf16" && evaluated.precisionChoice.reason == "run")
    let other: Report = try place.graft(
      "evaluate", "run", "--data", "photos", "--precision", "fp32", "--json"
    ).decoded()
    #expect(other.precision == "fp32")

    #expect(try place.graft("finetune", "--from", "run", "--data", "photos", "--out", "on").status == 0)
    #expect(try record("on")?.precision == "bf16" && record("on")?.reason == "run")
    let tried = try GraftProgram.run(
      "finetune", "--from", "run", "--data", "photos", "--precision", "auto", "--out", "tried", in: place.folder)
    #expect(tried.status == 0)
    #expect(try record("tried")?.reason == "trial")
  }

  @Test(
    .enabled(if: Precision.bfloat16.isNative, "this processor does not multiply bfloat16 of itself"),
    .enabled(
      if: SharedFiles.mobileNet != nil && SharedFiles.antsAndBees != nil, "needs MobileNet and photographs in ../shared"
    ))
  func `MobileNet 0.25, which loses too much, is left in float32`() throws {
    let (weights, data) = (try #require(SharedFiles.mobileNet), try #require(SharedFiles.antsAndBees))
    let outcome = try GraftProgram.run(
      "features", "--backbone", weights.path, "--preprocessing", "tf", "--data", data.path, "--out", "auto.npy",
      "--json", in: place.folder)
    let report: Report = try outcome.decoded()
    #expect(report.precision == "fp32")
    #expect(report.precisionChoice.trial.map { $0.leastCosine > 0.98 && $0.leastCosine < 0.999 } == true)
    #expect(outcome.messages.contains(", and 0.999 is wanted\n"), "\(outcome.messages)")
  }

  @Test func `where the processor has no bfloat16, auto is float32, and bf16 is refused`() throws {
    #expect(try features("fp32", environment: Self.without).status == 0)
    let auto = try features("auto", environment: Self.without)
    let report: Report = try auto.decoded()
    #expect(report.precisionChoice.reason == "processor" && report.precisionChoice.trial == nil)
    #expect(auto.messages.contains("precision: fp32, because this processor (avx512_core) has no bf16\n"))
    #expect(try table("auto").floats == table("fp32").floats)
    let refused = try features("bf16", environment: Self.without)
    #expect(refused.status == 64)
    #expect(
      refused.messages.contains("does not multiply of itself; use fp32 or auto"), "\(refused.messages)")
    #expect(!place.names.contains("bf16.npy"))
    // A benchmark of random numbers has nothing to try.
    let bench = try place.graft("bench", "--backbone", "squeezenet-tiny", "--precision", "auto")
    #expect(bench.status == 64)
  }

  @Test(.enabled(if: Precision.bfloat16.isNative, "this processor does not multiply bfloat16 of itself"))
  func `a training's precision is in its record, and activations of another are not taken for its own`() throws {
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
