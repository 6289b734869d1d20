import Testing

@testable import GraftFormats

@Suite struct PickleMachineTests {
  /// Letters of a pickle as text; numbers above 127 as escapes.
  private func read(_ bytes: [UInt8]) throws(PickleError) -> PickleDocument {
    var position = 0
    do {
      return try bytes.withUnsafeBytes { try PickleMachine.read($0, at: &position) }
    } catch let error as PickleError {
      throw error
    } catch {
      throw PickleError(reason: "\(error)")
    }
  }

  private func read(_ text: String) throws(PickleError) -> PickleDocument { try read(Array(text.utf8)) }

  private func reason(_ bytes: [UInt8]) -> String {
    do {
      _ = try read(bytes)
      return "nothing"
    } catch {
      return error.reason
    }
  }

  @Test func `reads the numbers and texts of all protocols`() throws {
    #expect(try read("I42\n.").root == .integer(42))
    #expect(try read("I01\n.").root == .boolean(true))
    #expect(try read("L-7L\n.").root == .integer(-7))
    #expect(try read("F2.5\n.").root == .number(2.5))
    #expect(try read("N.").root == .none)
    #expect(try read("Vword\n.").root == .text("word"))
    #expect(try read("S'word'\n.").root == .text("word"))
    #expect(try read("U\u{2}abX.".replacing("X", with: "")).root == .text("ab"))
    #expect(try read(Array("J".utf8) + [0xfe, 0xff, 0xff, 0xff] + Array(".".utf8)).root == .integer(-2))
    #expect(try read([0x80, 4, 0x8a, 2, 0x00, 0x80, 0x2e]).root == .integer(-32768))
    #expect(try read([0x80, 4, 0x8a, 0, 0x2e]).root == .integer(0))
    #expect(try read([0x8a, 9, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0x2e]).root == .wideInteger([1, 0, 0, 0, 0, 0, 0, 0, 1]))
    #expect(try read([0x47, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0x2e]).root == .number(1.5))
    #expect(try read([0x43, 2, 0xff, 0, 0x2e]).root == .bytes([0xff, 0]))
    #expect(try read([0x8c, 2, 0x68, 0x69, 0x2e]).root == .text("hi"))
  }

  @Test func `keeps the order of a dictionary and the last value of a key`() throws {
    let document = try read("}(Vb\nI1\nVa\nI2\nVb\nI3\nu.")
    let entries = try #require(document.entries(document.root))
    #expect(entries.map(\.key) == [.text("b"), .text("a")])
    #expect(entries.map(\.value) == [.integer(3), .integer(2)])
  }

  @Test func `takes an OrderedDict of Python 2, which hands its entries to the constructor`() throws {
    let document = try read("ccollections\nOrderedDict\n((lp0\n(Vkey\nI5\nlp1\natR.")
    let entries = try #require(document.entries(document.root))
    #expect(entries.map(\.key) == [.text("key")])
    #expect(entries.map(\.value) == [.integer(5)])
  }

  @Test func `calls nothing, and keeps the call`() throws {
    let document = try read("cos\nsystem\n(Vtouch /tmp/owned\ntR.")
    let (callee, arguments, _) = try #require(document.call(document.root))
    #expect(callee == "os.system")
    #expect(arguments == [.text("touch /tmp/owned")])
  }

  @Test func `lets one thing stand in two places`() throws {
    let document = try read("(]q\u{1}h\u{1}t.")
    let parts = try #require(document.elements(document.root))
    #expect(parts.count == 2 && parts[0] == parts[1])
  }

  @Test(
    arguments: [
      ("t.", "its pickle goes back to a mark that it never set"),
      ("(.", "its pickle takes more from the stack than it has put there"),
      ("h\u{5}.", "its pickle refers back to number 5, which it has not defined"),
      ("Iseven\n.", "its pickle has 'seven' where a number should be"),
      ("N", "its pickle ends in the middle"),
      ("Vendless", "its pickle ends in the middle of a line"),
      ("N(Na.", "its pickle takes more from the stack than it has put there"),
      ("NNa.", "its pickle adds to something that takes nothing"),
      ("](Nu.", "its pickle sets a key of a dictionary without a value"),
      ("~.", "its pickle has the unknown opcode 126 at position 0"),
    ])
  func `says what is wrong`(pickle: String, words: String) {
    #expect(reason(Array(pickle.utf8)) == words)
  }

  @Test func `allocates nothing for what is only announced`() {
    let eightBytes: [UInt8] = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]
    #expect(
      reason([0x8e] + eightBytes)
        == "its pickle announces 9223372036854775807 bytes at position 9, more than the file has left")
    #expect(reason([0x8b, 0xff, 0xff, 0xff, 0xff]).hasPrefix("its pickle announces 4294967295 bytes"))
  }

  @Test func `nests as deep as it likes without harm`() throws {
    // A tuple in a tuple in a tuple …
    let document = try read([0x29] + [UInt8](repeating: 0x85, count: 900_000) + [0x2e])
    #expect(document.collections.count == 900_001)
    #expect(throws: PickleError.self) { try TorchStateDictionary(document) }
  }

  @Test func `stops where a pickle makes more than any network needs`() {
    #expect(
      reason([UInt8](repeating: 0x29, count: 1_000_001) + [0x2e]) == "its pickle makes more than 1,000,000 objects")
    #expect(
      reason([UInt8](repeating: 0x4e, count: 4_000_001) + [0x2e]) == "its pickle takes more than 4,000,000 steps")
  }

  @Test func `a dictionary that holds itself is refused by depth, one that doubles by count`() throws {
    let own = try read("}q\u{0}(Vself\nh\u{0}u.")
    #expect(message { _ = try TorchStateDictionary(own) }.contains("it nests more than 64 dictionaries"))
    var doubling: [UInt8] = Array("}".utf8)
    for level in UInt8(0)..<40 {
      // The dictionary so far, twice in a new one.
      doubling += [0x71, level] + Array("0}(Va\n".utf8) + [0x68, level] + Array("Vb\n".utf8) + [0x68, level]
      doubling += Array("u".utf8)
    }
    let document = try read(doubling + Array(".".utf8))
    #expect(message { _ = try TorchStateDictionary(document) }.contains("it holds more entries than any network has"))
  }
}
