import Foundation
import Testing

/// What `graft plan` says of stages, costs and differences.
@Suite struct PlanCommandTests {
  private struct Report: Decodable {
    struct Stage: Decodable {
      let name: String
      let epochs: Int
      let rate: String
      let cost: Cost
    }

    struct Cost: Decodable {
      struct Work: Decodable {
        let multiplyAdds: Int
      }
      let prefix, forward, backward: Work
      let parameters, trainableParameters: Int
    }

    let stages: [Stage]
    let epochs: Int
    let trainableParameters: Int
  }

  private static let tiny = ["plan", "--backbone", "squeezenet-tiny", "--image-size", "64"]

  @Test func `stages are printed one by one, with what each costs`() throws {
    let outcome = try GraftProgram.run(
      Self.tiny + ["--stages", "head 5 epochs → last-stage:1 5 lr/10 → all", "--epochs", "20"])
    #expect(outcome.status == 0)
    for words in [
      "stage 1, head: 5 epochs at lr", "stage 2, last-stage:1: 5 epochs at lr/10", "stage 3, all: 10 epochs at lr",
    ] {
      #expect(outcome.output.contains(words + "\n"))
    }
    #expect(outcome.output.contains("multiply-adds an image: "))
  }

  private struct Estimate: Decodable {
    struct Stage: Decodable {
      let firstEpochSeconds, laterEpochSeconds, seconds: Double
      let memory: Int
    }
    struct Report: Decodable {
      let estimate: Estimate
    }
    let stages: [Stage]
  }

  @Test func `with photographs, seconds and memory are told, and what memory cannot hold is refused`() throws {
    let place = try Workplace(count: 4)
    let words = Self.tiny + ["--data", "photos", "--stages", "head 2 → all 3", "--batch", "4"]
    let outcome = try GraftProgram.run(words, in: place.folder)
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("on this machine, about: "))
    #expect(outcome.output.contains("all stages together, about: "))
    let estimate = try GraftProgram.run(words + ["--json"], in: place.folder).decoded(Estimate.Report.self).estimate
    #expect(estimate.stages.count == 2)
    #expect(estimate.stages.allSatisfy { $0.seconds >= $0.laterEpochSeconds && $0.memory > 10_000_000 })
    for command in [words, ["finetune"] + words.dropFirst(1).filter { $0 != "--json" }] {
      let refused = try GraftProgram.run(command + ["--memory-limit", "1"], in: place.folder)
      #expect(refused.status == 65)
      #expect(refused.lastMessage.contains("of memory, and 1.05 MB are there. Nothing like it fits"))
      #expect(!place.exists("runs"))
    }
  }

  @Test func `as JSON the plan can be read again, and does the same as itself`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let options = ["--stages", "head 2 → (last:2,norm)&!layer:conv1 3", "--lr-decay", "0.5", "--l2sp", "0.1"]
    let outcome = try GraftProgram.run(Self.tiny + options + ["--json"])
    let report = try outcome.decoded(Report.self)
    #expect(report.stages.map(\.name) == ["head", "(last:2,norm)&!layer:conv1"])
    #expect(report.stages.map(\.epochs) == [2, 3])
    let costs = report.stages.map(\.cost)
    #expect(
      costs[0].prefix.multiplyAdds + costs[0].forward.multiplyAdds == costs[1].prefix.multiplyAdds
        + costs[1].forward.multiplyAdds)
    #expect(costs[1].backward.multiplyAdds > costs[0].backward.multiplyAdds)
    #expect(costs[1].trainableParameters == report.trainableParameters)

    let file = folder.appending(path: "plan.json")
    try Data(outcome.output.utf8).write(to: file)
    let path = file.path(percentEncoded: false)
    let same = try GraftProgram.run(Self.tiny + options + ["--diff", path])
    #expect(same.output == "the plan does the same as \(path)\n")
    let other = try GraftProgram.run(Self.tiny + ["--stages", "head 2 → last:1 3", "--diff", path])
    #expect(other.output.contains("stage 2: (last:2,norm)&!layer:conv1, 3 epochs at lr → last:1, 3 epochs at lr\n"))
  }

  @Test(
    arguments: [
      (["--stages", "head 0"], "it takes at least one epoch"),
      (["--stages", "head 9 → all", "--epochs", "9"], "no epochs are left for “all”"),
      (["--unfreeze", "stage:fire77"], "there is no stage “fire77”"),
      (["--unfreeze", "all", "--stages", "head"], "leave --unfreeze out"),
      (["--batch-norm", "thaw"], "“thaw” is no policy"), (["--lr-decay", "0"], "“0” is no number above 0"),
      (["--l2sp=-1"], "--l2sp is -1.0; expected 0 or more"),
    ])
  func `what makes no sense is refused as usage`(options: [String], words: String) throws {
    let outcome = try GraftProgram.run(Self.tiny + options)
    #expect(outcome.status == 64)
    #expect(outcome.messages.contains(words), "\(outcome.messages)")
  }

  @Test func `a file that holds no plan is named`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "plan.json")
    try Data("{}".utf8).write(to: file)
    let path = file.path(percentEncoded: false)
    let outcome = try GraftProgram.run(Self.tiny + ["--diff", path])
    #expect(outcome.messages.contains("\(path) holds no plan; make one with graft plan --json"))
    #expect(try GraftProgram.run(Self.tiny + ["--diff", path + "x"]).status == 66)
  }
}
