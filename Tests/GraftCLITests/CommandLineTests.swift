import Foundation
import Testing

@Suite struct CommandLineTests {
  @Test func `models are listed as text and as JSON`() throws {
    let text = try GraftProgram.run("models")
    #expect(text.status == 0)
    #expect(text.output.contains("VGG-16, 224 pixels, 14,714,688 parameters without top"))
    let json = try GraftProgram.run("models", "--json").json()
    let models = try #require(json["models"] as? [[String: Any]])
    #expect(models.contains { $0["name"] as? String == "squeezenet" && $0["parameters"] as? Int == 722_496 })
  }
}
