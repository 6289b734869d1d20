import Testing

@testable import GraftImport

@Suite struct TimmNamesTests {
  @Test func `MobileNetV2's blocks are counted through`() throws {
    let names = [
      "conv_stem.weight", "bn1.bias", "blocks.0.0.conv_dw.weight", "blocks.0.0.conv_pw.weight",
      "blocks.2.1.conv_pwl.weight", "blocks.5.2.bn2.running_var", "blocks.6.0.bn3.weight", "conv_head.weight",
      "bn2.weight", "classifier.bias",
    ]
    #expect(
      try #require(TimmNames.torchvisionNames(of: names)) == [
        "features.0.0.weight", "features.0.1.bias", "features.1.conv.0.0.weight", "features.1.conv.1.weight",
        "features.5.conv.2.weight", "features.16.conv.1.1.running_var", "features.17.conv.3.weight",
        "features.18.0.weight", "features.18.1.weight", "classifier.1.bias",
      ])
  }

  @Test func `VGG's convolutions over the whole map are its dense layers`() throws {
    let names = ["features.0.weight", "pre_logits.fc1.weight", "pre_logits.fc2.bias", "head.fc.weight"]
    #expect(
      try #require(TimmNames.torchvisionNames(of: names)) == [
        "features.0.weight", "classifier.0.weight", "classifier.3.bias", "classifier.6.weight",
      ])
  }

  @Test func `other names stay`() {
    #expect(TimmNames.torchvisionNames(of: ["conv1.weight", "fc.weight"]) == nil)
    #expect(TimmNames.torchvisionNames(of: ["blocks.0.0.conv_dw.weight"]) == nil)
  }
}
