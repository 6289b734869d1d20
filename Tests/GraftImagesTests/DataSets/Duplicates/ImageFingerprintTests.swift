import Foundation
import Testing

@testable import GraftImages

struct ImageFingerprintTests {
  private struct Reference: Decodable {
    struct Case: Decodable {
      let thumbnail: [UInt8]
      let hash: String
    }

    let cases: [Case]
    let correlations: [Double]
  }

  @Test func `hashes and correlations are NumPy's`() throws {
    let reference = try JSONDecoder().decode(Reference.self, from: Fixture.bytes("duplicates.json"))
    let prints = reference.cases.map { ImageFingerprint(thumbnail: $0.thumbnail) }
    for (print, its) in zip(prints, reference.cases) { #expect(print.hash == UInt64(its.hash, radix: 16)) }
    for (print, correlation) in zip(prints, reference.correlations) {
      #expect(abs(print.correlation(with: prints[0]) - correlation) < 1e-12)
    }
  }
}
