import GraftArchitectures
import GraftCatalogue
import GraftGraph
import Testing

@Suite struct KnownWeightsTests {
  @Test func `the manifest is whole and names known architectures only`() throws {
    #expect(KnownWeights.all.count >= 6)
    for weights in KnownWeights.all {
      #expect(throws: Never.self) { try Architecture.named(weights.architecture) }
      #expect(weights.md5.count == 32 && weights.md5.allSatisfy(\.isHexDigit))
    }
    #expect(Set(KnownWeights.all.map(\.md5)).count == KnownWeights.all.count)
  }

  @Test func `a file is recognised by its hash whatever the case of the digits`() {
    let known = KnownWeights.recognised(md5: "80B66C92D79D4310E07FB60A297BF0D1")
    #expect(known?.architecture == "squeezenet")
    #expect(known?.preprocessing == .caffe)
    #expect(KnownWeights.recognised(md5: String(repeating: "0", count: 32)) == nil)
  }

  @Test func `an architecture's customary preprocessing is that of its published weights`() {
    #expect(KnownWeights.customaryPreprocessing(of: .vgg16) == .caffe)
    #expect(KnownWeights.customaryPreprocessing(of: .squeezenetTiny) == nil)
  }
}
