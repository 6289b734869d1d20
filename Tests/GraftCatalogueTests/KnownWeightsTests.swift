import Foundation
import GraftArchitectures
import GraftGraph
import Testing

@testable import GraftCatalogue

@Suite struct KnownWeightsTests {
  @Test func `the manifest is whole`() throws {
    #expect(KnownWeights.all.count == 30)
    let hashes = KnownWeights.all.compactMap(\.md5)
    #expect(Set(hashes).count == hashes.count)
    #expect(Set(KnownWeights.all.map { "\($0.name) \($0.hasTop)" }).count == 30)
    #expect(KnownWeights.all.filter { $0.md5 == nil }.map(\.architecture).allSatisfy { $0.hasPrefix("mobilenet") })
  }

  @Test(arguments: KnownWeights.all)
  func `an entry is of a known network with as many parameters`(weights: KnownWeights) throws {
    let architecture = try Architecture.named(weights.architecture)
    #expect(try architecture.graph(classes: weights.hasTop ? 1000 : nil).parameterCount == weights.parameterCount)
    #expect(weights.inputSize == architecture.defaultInputSize)
  }

  @Test(arguments: KnownWeights.all)
  func `an entry says where its file lies and how to know it`(weights: KnownWeights) throws {
    #expect(weights.url.scheme == "https" && weights.url.host()?.isEmpty == false)
    #expect(weights.url.lastPathComponent == weights.file && weights.file.hasSuffix(".h5"))
    #expect(weights.file.contains("no_top") || weights.file.contains("notop") ? !weights.hasTop : weights.hasTop)
    if let md5 = weights.md5 { #expect(md5.wholeMatch(of: /[0-9a-f]{32}/) != nil) }
    if let count = weights.byteCount {
      // Four bytes a number, and a little for HDF5; MobileNet's file without the classifier is as long as that with.
      #expect(count > 4 * weights.parameterCount && Double(count) < 5.4 * Double(weights.parameterCount))
    }
  }

  @Test(arguments: KnownWeights.all)
  func `an entry's accuracy is a pair of shares in percent`(weights: KnownWeights) {
    guard let accuracy = weights.accuracy else {
      #expect(weights.name == "resnet50-v0.2")
      return
    }
    #expect(accuracy.top1 > 50 && accuracy.top1 < accuracy.top5 && accuracy.top5 < 96)
  }

  @Test func `a file is recognised by its hash whatever the case of the digits`() {
    let known = KnownWeights.recognised(md5: "80B66C92D79D4310E07FB60A297BF0D1")
    #expect(known?.name == "squeezenet" && known?.hasTop == false)
    #expect(known?.preprocessing == .caffe)
    #expect(KnownWeights.recognised(md5: String(repeating: "0", count: 32)) == nil)
  }

  @Test func `two files of one name are told apart`() {
    let old = KnownWeights.recognised(md5: "a7b3fe01876f51b976af0dea6bc144eb")
    let current = KnownWeights.recognised(md5: "2cb95161c43110f7111970584f804107")
    #expect(old?.file == current?.file && old?.file == "resnet50_weights_tf_dim_ordering_tf_kernels.h5")
    #expect(old?.name == "resnet50-v0.2" && current?.name == "resnet50")
  }

  @Test func `an architecture's customary preprocessing is that of its published weights`() {
    #expect(KnownWeights.customaryPreprocessing(of: .vgg16) == .caffe)
    #expect(KnownWeights.customaryPreprocessing(of: .resnet50V2) == .tensorFlow)
    #expect(KnownWeights.customaryPreprocessing(of: .mobilenet(width: 0.25)) == .tensorFlow)
    #expect(KnownWeights.customaryPreprocessing(of: .squeezenetTiny) == nil)
    // Not in the catalogue: the architecture's own source says.
    #expect(KnownWeights.customaryPreprocessing(of: .resnet50Torchvision) == .torch)
    #expect(KnownWeights.customaryPreprocessing(of: .inceptionV3Torchvision) == .tensorFlow)
  }

  @Test func `weights are named with and without their classifier`() throws {
    #expect(try KnownWeights.named("VGG16").parameterCount == 14_714_688)
    #expect(try KnownWeights.named("vgg16", hasTop: true).parameterCount == 138_357_544)
  }

  @Test func `an unknown name is answered with the nearest`() {
    let error = #expect(throws: CatalogueError.self) { try KnownWeights.named("vgg61") }
    #expect(error?.description == "there are no known weights “vgg61”; did you mean “vgg16” or “vgg19”?")
    #expect(error?.localizedDescription == error?.description)
  }

  @Test func `those without the classifier come first, and current ones before older`() {
    #expect(
      KnownWeights.of(.resnet50).map { "\($0.name)\($0.hasTop ? " top" : "")" }
        == ["resnet50", "resnet50-v0.2", "resnet50 top", "resnet50-v0.2 top"])
    #expect(KnownWeights.of(.resnet50, preferringTop: true).map(\.hasTop) == [true, true, false, false])
  }

  @Test func `a manifest with an unknown preprocessing is refused`() throws {
    let text = """
      {"weights": [{"name": "n", "architecture": "vgg16", "title": "t", "origin": "o", "folder": "https://a.b/",
        "preprocessing": "pytorch", "inputSize": 224, "withTop": {"file": "f.h5", "md5": null, "parameters": 1},
        "withoutTop": {"file": "g.h5", "md5": null, "parameters": 1}}]}
      """
    #expect(throws: DecodingError.self) { try KnownWeights.decoded(Data(text.utf8)) }
    let good = try KnownWeights.decoded(Data(text.replacing("pytorch", with: "torch").utf8))
    #expect(good.map(\.title) == ["t (o, without top)", "t (o, with top)"])
    #expect(good[0].url.absoluteString == "https://a.b/g.h5" && good[0].md5 == nil && good[0].byteCount == nil)
  }
}
