import Foundation
import GraftTensors
import Testing

@testable import GraftImages

/// Arbitrary bytes end in rows or in a problem with a line that the file has, never in a crash.
struct TableFuzzTests {
  private func read(_ bytes: [UInt8]) {
    do throws(TableProblem) {
      let table = try Table(bytes, file: "fuzz")
      #expect(table.rows.allSatisfy { $0.cells.count <= table.columns.count })
    } catch {
      #expect(error.line >= 1 && error.line <= bytes.count + 1, "\(error) in \(bytes)")
    }
    _ = try? LabelNames(Data(bytes), file: "fuzz")
  }

  private let seeds = [
    "path,label,split\r\n\"a\"\"b.jpg\",cat,train\r\nb.jpg;x,\"do\ng\",val\r\n",
    "[{\"path\": \"a.jpg\", \"labels\": [\"x\", 2], \"o\": {\"a\": [1]}},\n{\"path\": \"\\u00e4\\ud83d\\udc1d\", \"n\": -1e5}]",
    "{\"path\": \"a.jpg\"}\n{\"path\": null, \"t\": true}\n", "n01440764 tench, Tinca tinca\nn01443537 goldfish\n",
  ]

  @Test func `bytes by chance`() {
    var generator = SeededGenerator(seed: 1)
    let marks = Array("\",;\t\r\n[]{}:\\u0aé ".utf8) + [0xff, 0x00, 0xef, 0xbb, 0xbf]
    for _ in 0..<4000 {
      read((0..<Int.random(in: 0...60, using: &generator)).map { _ in marks.randomElement(using: &generator) ?? 0 })
    }
  }

  @Test func `tables with a byte changed, left out or put in, and cut off anywhere`() {
    var generator = SeededGenerator(seed: 2)
    for seed in seeds.map({ Array($0.utf8) }) {
      for end in seed.indices { read(Array(seed[..<end])) }
      for _ in 0..<1500 {
        var bytes = seed
        let position = Int.random(in: bytes.indices, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: bytes[position] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.remove(at: position)
        default: bytes.insert(seed.randomElement(using: &generator) ?? 0, at: position)
        }
        read(bytes)
      }
    }
  }
}
