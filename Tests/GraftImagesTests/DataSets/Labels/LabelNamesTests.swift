import Foundation
import GraftGraph
import Testing

@testable import GraftImages

struct LabelNamesTests {
  private func names(_ text: String, for ids: [String]) throws -> [String] {
    let names = try LabelNames(Data(text.utf8), file: "names.txt")
    return try names.applied(to: [.classification(classes: ids)])[0].names
  }

  private func message(_ text: String, for ids: [String]) -> String {
    do { return "no error: \(try names(text, for: ids))" } catch { return "\(error)" }
  }

  private let ids = ["n01440764", "n01443537"]

  @Test(arguments: [
    "n01440764 tench, Tinca tinca\nn01443537 goldfish, Carassius auratus\nn01484850 great white shark\n",
    "\u{feff}n01443537\tgoldfish\r\nn01440764\ttench\r\n",
    "n01440764,\"tench, Tinca tinca\"\nn01443537,goldfish\n",
    "{\"0\": [\"n01440764\", \"tench\"], \"1\": [\"n01443537\", \"goldfish\"]}",
    "{\"n01440764\": \"tench\", \"n01443537\": \"goldfish\"}",
    "tench\ngoldfish\n", "[\"tench\", \"goldfish\"]",
  ])
  func `names in every form`(text: String) throws {
    #expect(try names(text, for: ids) == ["tench", "goldfish"])
  }

  @Test func `numbers are positions`() throws {
    #expect(try names("zero\none\ntwo\nthree\n", for: ["1", "3"]) == ["one", "three"])
  }

  @Test func `two classes of one name keep apart`() throws {
    #expect(
      try names("n02012849 crane\nn03126707 crane\n", for: ["n02012849", "n03126707"]) == [
        "crane", "crane (n03126707)",
      ])
  }

  @Test func `an id without a name keeps its own, numbers to predict keep theirs`() throws {
    #expect(try names("n01440764 tench\nn2 other\n", for: ids) == ["tench", "n01443537"])
    let names = try LabelNames(Data("a\nb".utf8), file: "f")
    #expect(try names.applied(to: [.regression(values: ["x"])]) == [.regression(values: ["x"])])
  }

  @Test func `what fits nothing is refused`() {
    #expect(message("n1 cat\nn2 dog\n", for: ids) == "names.txt: it names none of the classes, such as n01440764.")
    #expect(
      message("tench\n", for: ids) == "names.txt: it has 1 names for 2 classes; give one line for each class, in their "
        + "order, or lines with the id before the name.")
    #expect(message("  \n", for: ids) == "names.txt: the file holds no names.")
    #expect(message("{\"a\": 1}", for: ids).hasPrefix("names.txt: expected a JSON object of names by id"))
  }
}
