import Foundation
import GraftFormats
import Testing

/// `graft report` and `graft runs`, on trainings of a second.
@Suite struct ReportCommandTests {
  private let place: Workplace

  init() throws {
    place = try Workplace(count: 3)
    for (name, seed) in [("a", "0"), ("b", "1")] {
      let trained = try place.finetune("--epochs", "2", "--seed", seed, "--out", "runs/\(name)")
      try #require(trained.status == 0, "\(trained.messages)")
    }
  }

  @Test func `report writes one page into the run, and events where told`() throws {
    let outcome = try place.graft("report", "runs/a", "--tensorboard", "logs", "--json")
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(try outcome.json()["report"] as? String == "runs/a/report.html")
    let events = try #require(try outcome.json()["tensorboard"] as? [String])
    #expect(events.count == 2 && events.allSatisfy(place.exists))
    let page = try String(contentsOf: place.folder.appending(path: "runs/a/report.html"), encoding: .utf8)
    #expect(page.hasPrefix("<!doctype html>") && page.contains("squeezenet-tiny on photos"))
    #expect(try place.graft("report", "runs/a", "--out", "again.html").status == 0)
    #expect(try String(contentsOf: place.folder.appending(path: "again.html"), encoding: .utf8) == page)
  }

  @Test func `report refuses what is no run, and a folder that is not there`() throws {
    let stranger = try place.graft("report", "photos", "--json")
    #expect(stranger.status == 66)
    #expect(
      try stranger.json()["error"] as? String
        == "photos is no run directory: it has no run.json. Name the folder that `graft finetune` has written")
    let photographs = try place.graft("report", "runs/a", "--photographs", "gone")
    #expect(photographs.status == 66 && photographs.lastMessage == "error: There is no file at gone. Check the path.")
    let target = try place.graft("report", "runs/a", "--out", "photos")
    #expect(target.status == 74)
  }

  @Test func `runs lists what is there, and names what is no run`() throws {
    try place.write("runs/notes/today.txt", "")
    let text = try place.graft("runs", "--sort", "name").output.split(separator: "\n")
    #expect(text.count == 4 && text[1].hasPrefix("runs/a ") && text[2].hasPrefix("runs/b "))
    #expect(text[3].hasPrefix("not listed: runs/notes is no run directory"))
    let json = try place.graft("runs", "runs", "--json").json()
    #expect((json["runs"] as? [[String: Any]])?.count == 2)
    #expect(try place.graft("runs", "gone").status == 66)
  }

  @Test func `runs compares those that are named`() throws {
    let outcome = try place.graft("runs", "runs/a", "runs/b")
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("seed  0       1"))
    #expect(try place.graft("runs", "runs/a", "runs/b", "--sort", "name").status == 64)
    let stranger = try place.graft("runs", "runs/a", "photos", "runs/b")
    #expect(stranger.status == 0 && stranger.output.contains("not compared: photos is no run directory"))
    #expect(try place.graft("runs", "photos", "logs").status == 66)
    let alone = try place.graft("runs", "runs/a")
    #expect(alone.status == 0 && alone.output.contains("runs/a"))
  }
}
