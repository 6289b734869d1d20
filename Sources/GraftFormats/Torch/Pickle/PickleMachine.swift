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
  private var stack = PickleStack()
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
        document.root = try stack.pop()
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

    case .mark: stack.mark()
    case .pop: try stack.drop()
    case .popMark: _ = try stack.popToMark()
    case .duplicate: stack.push(try stack.top())

    case .putLine: try remember(as: try reader.number())
    case .put1: try remember(as: Int(reader.byte()))
    case .put4: try remember(as: Int(reader.unsigned(UInt32.self)))
    case .memoize: try remember(as: memo.count)
    case .getLine: try recall(try reader.number())
    case .get1: try recall(Int(reader.byte()))
    case .get4: try recall(Int(reader.unsigned(UInt32.self)))

    case .emptyTuple: try push(.tuple, [])
    case .tuple: try push(.tuple, try stack.popToMark())
    case .tuple1: try push(.tuple, try stack.pop(1))
    case .tuple2: try push(.tuple, try stack.pop(2))
    case .tuple3: try push(.tuple, try stack.pop(3))
    case .emptyList: try push(.list, [])
    case .list: try push(.list, try stack.popToMark())
    case .emptySet: try push(.set, [])
    case .frozenSet: try push(.set, try stack.popToMark())
    case .emptyDictionary: try push(.dictionary, [])
    case .dictionary:
      let items = try stack.popToMark()
      try push(.dictionary, [])
      try setItems(items)
    case .append: try append(try stack.pop(1))
    case .appends, .addItems: try append(try stack.popToMark())
    case .setItem: try setItems(try stack.pop(2))
    case .setItems: try setItems(try stack.popToMark())

    case .global: stack.push(.global("\(try reader.line()).\(try reader.line())"))
    case .stackGlobal: try pushGlobalFromStack()
    case .reduce, .newObject: try pushCall(try stack.pop(2))
    case .newObjectWithKeywords: try pushCall(Array(try stack.pop(3).prefix(2)))
    case .instance:
      let callee = PickleValue.global("\(try reader.line()).\(try reader.line())")
      let arguments = try stack.popToMark()
      try push(.tuple, arguments)
      try pushCall([callee, try stack.pop()])
    case .object:
      let parts = try stack.popToMark()
      guard let callee = parts.first else { throw PickleError(reason: "its pickle makes an object of no class") }
      try push(.tuple, Array(parts.dropFirst()))
      try pushCall([callee, try stack.pop()])
    case .build: try build(try stack.pop())
    case .persistent: try pushObject(PickleObject(origin: .persistent, arguments: try stack.pop()))
    case .persistentLine: try pushObject(PickleObject(origin: .persistent, arguments: .text(try reader.line())))

    default: stack.push(try reader.scalar(opcode))
    }
  }

  // MARK: The memo

  private mutating func remember(as index: Int) throws(PickleError) {
    guard memo.count < Self.maximumObjects else {
      throw PickleError(reason: "its pickle remembers more than \(Self.maximumObjects.grouped) things")
    }
    memo[index] = try stack.top()
  }

  private mutating func recall(_ index: Int) throws(PickleError) {
    guard let value = memo[index] else {
      throw PickleError(reason: "its pickle refers back to number \(index), which it has not defined")
    }
    stack.push(value)
  }

  // MARK: Collections and objects

  private mutating func push(_ kind: PickleCollection.Kind, _ elements: [PickleValue]) throws(PickleError) {
    stack.push(.collection(try newCollection(PickleCollection(kind: kind, elements: elements))))
  }

  private mutating func newCollection(_ collection: PickleCollection) throws(PickleError) -> Int {
    guard document.collections.count < Self.maximumObjects else { throw Self.tooMany }
    document.collections.append(collection)
    return document.collections.count - 1
  }

  private mutating func pushObject(_ object: PickleObject) throws(PickleError) {
    guard document.objects.count < Self.maximumObjects else { throw Self.tooMany }
    document.objects.append(object)
    stack.push(.object(document.objects.count - 1))
  }

  private static let tooMany = PickleError(reason: "its pickle makes more than \(maximumObjects.grouped) objects")

  /// - Parameter parts: what is called, and the tuple of arguments.
  private mutating func pushCall(_ parts: [PickleValue]) throws(PickleError) {
    try pushObject(PickleObject(origin: .call, callee: parts[0], arguments: parts[1]))
  }

  private mutating func pushGlobalFromStack() throws(PickleError) {
    let names = try stack.pop(2)
    guard case .text(let module) = names[0], case .text(let name) = names[1] else {
      throw PickleError(reason: "its pickle names a class by something other than text")
    }
    stack.push(.global("\(module).\(name)"))
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
    switch try stack.top() {
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
    if case .object(let index) = try stack.top() { document.objects[index].state = state }
  }
}
