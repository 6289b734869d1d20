import ArgumentParser
import Graft
import Logging

@main
struct GraftCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "graft",
    abstract: "Fine-tune pretrained image networks on your own photographs, on an ordinary processor.",
    discussion: """
      A folder for each class, a weight file, and a few minutes:

        graft finetune --backbone squeezenet --weights squeezenet_notop.h5 --data photos --out run
        graft predict run new-photo.jpg

      Exit codes: 0 done; 64 the command line makes no sense; 65 a file is not what it should be; 66 a file or folder is \
      missing; 69 a server cannot be reached or does not give the file; 70 something within Graft failed; 74 a file cannot be written; 130 interrupted.

      GRAFT_LOG=debug in the environment makes the library tell more on stderr.
      """,
    version: graftVersion,
    subcommands: [
      Finetune.self, Plan.self, FindLearningRate.self, DescribeData.self, Augment.self,
      Report.self, Runs.self, Predict.self, Explain.self, Evaluate.self,
      Adapt.self, Features.self, Bench.self, Inspect.self, Diff.self, Models.self, Run.self, Export.self, Weights.self,
      ReadHDF5.self,
    ])

  static func main() async {
    LoggingSystem.bootstrap { StderrLog(label: $0) }
    explainShrunkFiles()
    await EngineActor.run { ConvolutionAlgorithms.rememberInStandardFolder() }
    do {
      // A damaged file must end in a sentence, whatever it does to the HDF5 library.
      try await HDF5Reading.$preferred.withValue(.apart) { try await runCommand() }
    } catch {
      Failure(error).exit()
    }
  }

  private static func runCommand() async throws {
    var command = try parseAsRoot()
    if var command = command as? any AsyncParsableCommand {
      try await command.run()
    } else {
      try command.run()
    }
  }
}
