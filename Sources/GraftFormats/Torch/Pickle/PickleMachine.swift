/// Reads a pickle as data: what Python would build by calling is kept as the call, and nothing is ever called.
///
/// Time and memory are bounded: each opcode does a bounded amount of work beside what it moves, and there may be no more
/// than `maximumSteps` of them. Nothing here recurses.
struct PickleMachine {
  /// More than any network's: a checkpoint of 10,000 tensors with its optimizer's state takes about a million.
  static let maximumSteps = 4_000_000
  static let maximumObjects = 1_000_000

  private var reader: PickleReader
  private(set) var document = PickleDocument()
  private var stack: [PickleValue] = []
  /// How high the stack was at each mark.
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]

  /// Reads one pickle.
  ///
  /// - Parameters:
  ///   - bytes: what it lies in.
  ///   - position: where it begins; moved to behind its end.
  static func read(
    _ bytes: UnsafeRawBufferPointer, at position: inout Int
  ) throws(PickleError) -> PickleDocument {
    var machine = PickleMachine(reader: PickleReader(bytes, at: position))
    try machine.run()
    position = machine.reader.position
    return machine.document
  }

  private init(reader: PickleReader) {
    self.reader = reader
  }

  private mutating func run() throws(PickleError) {
    for _ in 0..<Self.maximumSteps {
      let place = reader.position
      let byte = try reader.byte()
      guard let opcode = PickleOpcode(rawValue: byte) else {
        throw PickleError(reason: "its pickle has the unknown opcode \(byte) at position \(place)")
      }
      if opcode == .stop {
        document.root = try pop()
        return
      }
      try run(opcode)
    }
    throw PickleError(reason: "its pickle takes more than \(Self.maximumSteps.grouped) steps")
  }

  private mutating func run(_ opcode: PickleOpcode) throws(PickleError) {
    switch opcode {
    case .proto: _ = try reader.byte()
    case .frame: _ = try reader.unsigned(UInt64.self)
    case .stop: break

    case .mark: marks.append(stack.count)
    case .pop:
      // As in CPython, a mark at the top is what is taken away.
      if let mark = marks.last, mark == stack.count { marks.removeLast() } else { _ = try pop() }
    case .popMark: _ = try popToMark()
    case .duplicate: stack.append(try top())

    case .putLine: try remember(as: try number(reader.line()))
    case .put1: try remember(as: Int(reader.byte()))
    case .put4: try remember(as: Int(reader.unsigned(UInt32.self)))
    case .memoize: try remember(as: memo.count)
    case .getLine: try recall(try number(reader.line()))
    case .get1: try recall(Int(reader.byte()))
    case .get4: try recall(Int(reader.unsigned(UInt32.self)))

    case .emptyTuple: try push(.tuple, [])
    case .tuple: try push(.tuple, try popToMark())
    case .tuple1: try push(.tuple, try pop(1))
    case .tuple2: try push(.tuple, try pop(2))
    case .tuple3: try push(.tuple, try pop(3))
    case .emptyList: try push(.list, [])
    case .list: try push(.list, try popToMark())
    case .emptySet: try push(.set, [])
    case .frozenSet: try push(.set, try popToMark())
    case .emptyDictionary: try push(.dictionary, [])
    case .dictionary:
      let items = try popToMark()
      try push(.dictionary, [])
      try setItems(items)
    case .append: try append(try pop(1))
    case .appends, .addItems: try append(try popToMark())
    case .setItem: try setItems(try pop(2))
    case .setItems: try setItems(try popToMark())

    case .global: stack.append(.global("\(try reader.line()).\(try reader.line())"))
    case .stackGlobal: try pushGlobalFromStack()
    case .reduce, .newObject: try pushCall(try pop(2))
    case .newObjectWithKeywords: try pushCall(Array(try pop(3).prefix(2)))
    case .instance:
      let callee = PickleValue.global("\(try reader.line()).\(try reader.line())")
      let arguments = try popToMark()
      try push(.tuple, arguments)
      try pushCall([callee, try pop()])
    case .object:
      let parts = try popToMark()
      guard let callee = parts.first else { throw PickleError(reason: "its pickle makes an object of no class") }
      try push(.tuple, Array(parts.dropFirst()))
      try pushCall([callee, try pop()])
    case .build: try build(try pop())
    case .persistent: try pushObject(PickleObject(origin: .persistent, arguments: try pop()))
    case .persistentLine: try pushObject(PickleObject(origin: .persistent, arguments: .text(try reader.line())))

    default: stack.append(try scalar(opcode))
    }
  }

  // MARK: What is no collection

  private mutating func scalar(_ opcode: PickleOpcode) throws(PickleError) -> PickleValue {
    switch opcode {
    case .none: .none
    case .newTrue: .boolean(true)
    case .newFalse: .boolean(false)
    case .int1: .integer(Int(try reader.byte()))
    case .int2: .integer(Int(try reader.unsigned(UInt16.self)))
    case .int4: .integer(Int(Int32(bitPattern: try reader.unsigned(UInt32.self))))
    case .long1: .wholeNumber(try reader.take(UInt64(try reader.byte())))
    case .long4: .wholeNumber(try reader.take(UInt64(try reader.unsigned(UInt32.self))))
    case .double: .number(try reader.double())
    case .unicode1: .text(String(decoding: try reader.take(UInt64(try reader.byte())), as: UTF8.self))
    case .unicode4: .text(String(decoding: try reader.take(UInt64(try reader.unsigned(UInt32.self))), as: UTF8.self))
    case .unicode8: .text(String(decoding: try reader.take(try reader.unsigned(UInt64.self)), as: UTF8.self))
    case .string1: .string(try reader.take(UInt64(try reader.byte())))
    case .string4: .string(try reader.take(UInt64(try reader.unsigned(UInt32.self))))
    case .bytes1: .bytes(Array(try reader.take(UInt64(try reader.byte()))))
    case .bytes4: .bytes(Array(try reader.take(UInt64(try reader.unsigned(UInt32.self)))))
    case .bytes8, .byteArray8: .bytes(Array(try reader.take(try reader.unsigned(UInt64.self))))
    case .integer, .long: try .wholeNumber(line: try reader.line())
    case .float: .number(try number(reader.line()))
    case .unicodeLine: .text(try reader.line())
    case .stringLine: .text(String(try reader.line().dropFirst().dropLast()))  // in quotes
    default: throw PickleError(reason: "its pickle has the opcode \(opcode.rawValue), which Graft does not read")
    }
  }

  private func number<Number: LosslessStringConvertible>(_ line: String) throws(PickleError) -> Number {
    guard let number = Number(line) else {
      throw PickleError(reason: "its pickle has '\(line.prefix(40))' where a number should be")
    }
    return number
  }

  // MARK: The stack and the memo

  private func top() throws(PickleError) -> PickleValue {
    guard stack.count > marks.last ?? 0, let value = stack.last else { throw Self.emptyStack }
    return value
  }

  private mutating func pop() throws(PickleError) -> PickleValue {
    _ = try top()
    return stack.removeLast()
  }

  private mutating func pop(_ count: Int) throws(PickleError) -> [PickleValue] {
    guard stack.count - count >= marks.last ?? 0 else { throw Self.emptyStack }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func popToMark() throws(PickleError) -> [PickleValue] {
    guard let mark = marks.popLast() else {
      throw PickleError(reason: "its pickle goes back to a mark that it never set")
    }
    defer { stack.removeLast(stack.count - mark) }
    return Array(stack[mark...])
  }

  private static let emptyStack = PickleError(reason: "its pickle takes more from the stack than it has put there")

  private mutating func remember(as index: Int) throws(PickleError) {
    guard memo.count < Self.maximumObjects else {
      throw PickleError(reason: "its pickle remembers more than \(Self.maximumObjects.grouped) things")
    }
    memo[index] = try top()
  }

  private mutating func recall(_ index: Int) throws(PickleError) {
    guard let value = memo[index] else {
      throw PickleError(reason: "its pickle refers back to number \(index), which it has not defined")
    }
    stack.append(value)
  }

  // MARK: Collections and objects

  private mutating func push(_ kind: PickleCollection.Kind, _ elements: [PickleValue]) throws(PickleError) {
    stack.append(.collection(try newCollection(PickleCollection(kind: kind, elements: elements))))
  }

  private mutating func newCollection(_ collection: PickleCollection) throws(PickleError) -> Int {
    guard document.collections.count < Self.maximumObjects else { throw Self.tooMany }
    document.collections.append(collection)
    return document.collections.count - 1
  }

  private mutating func pushObject(_ object: PickleObject) throws(PickleError) {
    guard document.objects.count < Self.maximumObjects else { throw Self.tooMany }
    document.objects.append(object)
    stack.append(.object(document.objects.count - 1))
  }

  private static let tooMany = PickleError(reason: "its pickle makes more than \(maximumObjects.grouped) objects")

  /// - Parameter parts: what is called, and the tuple of arguments.
  private mutating func pushCall(_ parts: [PickleValue]) throws(PickleError) {
    try pushObject(PickleObject(origin: .call, callee: parts[0], arguments: parts[1]))
  }

  private mutating func pushGlobalFromStack() throws(PickleError) {
    let names = try pop(2)
    guard case .text(let module) = names[0], case .text(let name) = names[1] else {
      throw PickleError(reason: "its pickle names a class by something other than text")
    }
    stack.append(.global("\(module).\(name)"))
  }

  private mutating func append(_ values: [PickleValue]) throws(PickleError) {
    let index = try contents(.list)
    document.collections[index].elements.append(contentsOf: values)
  }

  private mutating func setItems(_ items: [PickleValue]) throws(PickleError) {
    guard items.count.isMultiple(of: 2) else {
      throw PickleError(reason: "its pickle sets a key of a dictionary without a value")
    }
    let index = try contents(.dictionary)
    for place in stride(from: 0, to: items.count, by: 2) {
      document.collections[index].entries.append(.init(key: items[place], value: items[place + 1]))
    }
  }

  /// The collection at the top of the stack, or that of what was put into the object there.
  private mutating func contents(_ kind: PickleCollection.Kind) throws(PickleError) -> Int {
    switch try top() {
    case .collection(let index):
      let isDictionary = document.collections[index].kind == .dictionary
      guard document.collections[index].kind != .tuple, isDictionary == (kind == .dictionary) else {
        throw PickleError(reason: "its pickle adds to something that takes nothing")
      }
      return index
    case .object(let index):
      if let existing = document.objects[index].contents { return existing }
      let created = try newCollection(PickleCollection(kind: kind))
      document.objects[index].contents = created
      return created
    default: throw PickleError(reason: "its pickle adds to something that takes nothing")
    }
  }

  private mutating func build(_ state: PickleValue) throws(PickleError) {
    // Of what is no object the state is dropped: nothing that Graft reads has any.
    if case .object(let index) = try top() { document.objects[index].state = state }
  }
}

extension PickleValue {
  /// A little-endian number in two's complement.
  fileprivate static func wholeNumber(_ bytes: UnsafeRawBufferPointer) -> PickleValue {
    guard bytes.count <= 8 else { return .wideInteger(Array(bytes)) }
    let isNegative = bytes.last.map { $0 >= 0x80 } ?? false
    let padding = [UInt8](repeating: isNegative ? 0xff : 0, count: 8 - bytes.count)
    let bits = (Array(bytes) + padding).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return .integer(Int(bitPattern: UInt(bits)))
  }

  /// Protocol 0's number: `42`, `42L`, or a truth value as `01` and `00`.
  fileprivate static func wholeNumber(line: String) throws(PickleError) -> PickleValue {
    if line == "01" { return .boolean(true) }
    if line == "00" { return .boolean(false) }
    guard let number = Int(line.hasSuffix("L") ? String(line.dropLast()) : line) else {
      throw PickleError(reason: "its pickle has '\(line.prefix(40))' where a number should be")
    }
    return .integer(number)
  }

  /// A string of Python 2: text where it can be.
  fileprivate static func string(_ bytes: UnsafeRawBufferPointer) -> PickleValue {
    String(validating: bytes, as: UTF8.self).map { .text($0) } ?? .bytes(Array(bytes))
  }
}
