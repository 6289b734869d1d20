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

  @Test(arguments: ["finetune", "predict", "evaluate", "features", "inspect", "models", "plan", "run"])
  func `the help of every command shows examples of it`(command: String) throws {
    let help = try GraftProgram.run(command, "--help")
    #expect(help.status == 0 && help.messages.isEmpty)
    #expect(help.output.contains("Examples:\n  graft \(command)"))
  }

  @Test func `help is no failure, with --json neither`() throws {
    let help = try GraftProgram.run("finetune", "--json", "--help")
    #expect(help.status == 0)
    #expect(!help.output.contains("exit_code"))
  }

  @Test func `the general help documents the exit codes`() throws {
    let help = try GraftProgram.run("--help").output.replacing("\n", with: " ")
    for words in [
      "64 the command line makes no sense", "65 a file is not", "66 a file or folder is missing",
      "74 a file cannot be written",
    ] {
      #expect(help.contains(words), "\(words)")
    }
  }

  @Test func `an unknown option is told from a known one`() throws {
    let outcome = try GraftProgram.run("models", "--jsn")
    #expect(outcome.status == 64)
    #expect(outcome.messages.contains("Unknown option '--jsn'. Did you mean '--json'?"))
  }
}
