import Foundation
import Testing

/// `graft plan --data`, with nothing said of what trains.
@Suite struct PlanAdviceCommandTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  private struct Report: Decodable {
    struct Advice: Decodable {
      struct Plan: Decodable { let reasons: [String] }
      struct Network: Decodable {
        struct Details: Decodable {
          struct Facts: Decodable {
            struct Probe: Decodable { let accuracy: Double }
            let probes: [Probe]
          }
          let facts: Facts
          let probed: Int
        }
        let backbone: String
        let rank: Int
        let advice: Details
      }
      let recommended: Plan
      let isClear: Bool
      let predictedSeconds: Double
      let command: String
      let networks: [Network]
    }
    let advice: Advice?
  }

  private func graft(_ arguments: [String]) throws -> GraftProgram.Outcome {
    try GraftProgram.run(
      ["plan", "--backbone", "squeezenet-tiny", "--image-size", "48"] + arguments, in: place.folder,
      environment: ["GRAFT_CACHE": place.path("cache")])
  }

  @Test func `photographs decide the plan, which is printed with its reasons, written, and has a command`() throws {
    let outcome = try graft(["--data", "photos", "--out", "plan.json"])
    #expect(outcome.status == 0, "\(outcome.messages)")
    for words in [
      "features of 8 photographs", "95 % interval", "the head alone", "recommended: ", "predicted: ",
      "run it: graft finetune --backbone squeezenet-tiny --image-size 48 --data photos --plan plan.json", "cache: ",
    ] {
      #expect(outcome.output.contains(words), "\(words) in\n\(outcome.output)")
    }
    #expect(place.exists("plan.json"))
  }

  @Test func `as JSON it is one object, in which networks are ranked`() throws {
    let outcome = try graft(["--backbone", "squeezenet-tiny", "--data", "photos", "--json"])
    let advice = try #require(try outcome.decoded(Report.self).advice)
    #expect(advice.networks.map(\.rank) == [1, 2])
    #expect(advice.networks.allSatisfy { $0.advice.probed == 8 })
    #expect(advice.recommended.reasons.count >= 4)
    #expect(advice.predictedSeconds > 0)
    #expect(advice.command.hasSuffix("--plan auto"))
  }

  @Test(arguments: [
    (["--budget", "soon", "--data", "photos"], "“soon” is no time; expected a number with s, min or h"),
    (["--budget", "5min"], "--budget is for a plan that photographs decide: name them with --data"),
    (["--data", "photos", "--unfreeze", "all", "--out", "p.json"], "--out is for a plan that photographs decide"),
    (["--data", "photos", "--weights", "random", "--weights", "x.h5"], "--weights x.h5 belongs to no network"),
  ])
  func `what makes no sense is refused`(options: [String], words: String) throws {
    let outcome = try graft(options)
    #expect(outcome.status != 0)
    #expect(outcome.messages.contains(words), "\(outcome.messages)")
  }

  @Test func `where a plan is given, photographs decide nothing`() throws {
    let outcome = try graft(["--data", "photos", "--unfreeze", "last:1", "--json"])
    #expect(try outcome.decoded(Report.self).advice == nil)
  }
}
