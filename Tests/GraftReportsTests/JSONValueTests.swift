import Foundation
import Testing

@testable import GraftReports

@Suite struct JSONValueTests {
  private func value(_ json: String) throws -> JSONValue {
    try JSONDecoder().decode(JSONValue.self, from: Data(json.utf8))
  }

  @Test func `keys are found in snake and camel case, and null is nothing`() throws {
    let object = try value(#"{"learningRate": 0.5, "saved_epoch": 3, "none": null}"#)
    #expect(object["learning_rate"]?.double == 0.5 && object["savedEpoch"]?.int == 3)
    #expect(object["none"] == nil && object["gone"] == nil && object["learning_rate"]?["deeper"] == nil)
  }

  @Test func `a value is a line that a person would write`() throws {
    #expect(try value(#"{"b": [1, true, "x"], "a": {"warmUp": 0.1}}"#).line == "a (warm up 0.1), b 1, yes, x")
    #expect(try value(#"{"classWeights": {"equal": {}}}"#).line == "class weights (equal)")
    #expect(try value(#"[{"last": {"_0": 4}}, {"head": {}}]"#).line == "last 4, head")
    #expect(try value("[]").line == "none" && value("18446744073709551615").line == "18446744073709551615")
  }

  @Test func `metrics have their customary names`() {
    #expect(["mae", "f1_macro", "r2", "map"].map(JSONValue.title) == ["MAE", "F1 macro", "R²", "mAP"])
    #expect(JSONValue.words("trainableLayers") == "trainable layers")
  }
}
