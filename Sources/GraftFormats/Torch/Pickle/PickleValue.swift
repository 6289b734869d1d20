/// What a pickle says, as plain data. Nothing in it was called, imported or looked up.
///
/// Collections and objects are numbers into a `PickleDocument`: a pickle may nest a million tuples, and values that held
/// each other would overflow the stack when they are freed.
enum PickleValue: Hashable, Sendable {
  case none
  case boolean(Bool)
  case integer(Int)
  /// Two's complement, lowest byte first: an integer that 64 bits do not hold.
  case wideInteger([UInt8])
  case number(Double)
  case text(String)
  case bytes([UInt8])
  /// A class or a function by its full name: `torch._utils._rebuild_tensor_v2`.
  case global(String)
  /// A tuple, list, set or dictionary: an index into `PickleDocument.collections`.
  case collection(Int)
  /// Something that Python would make by calling: an index into `PickleDocument.objects`.
  case object(Int)
}

struct PickleCollection: Sendable {
  enum Kind: Sendable {
    case tuple, list, set, dictionary
  }

  struct Entry: Sendable {
    let key: PickleValue
    let value: PickleValue
  }

  let kind: Kind
  /// Of a tuple, list or set.
  var elements: [PickleValue] = []
  /// Of a dictionary, in the order in which they were set; a key may come twice, and then the last counts.
  var entries: [Entry] = []
}

/// What Python would get by calling something; here the call itself.
struct PickleObject: Sendable {
  enum Origin: Sendable {
    /// `callee(*arguments)`.
    case call
    /// What the program that unpickles knows under a name: `arguments` is the name.
    case persistent
  }

  let origin: Origin
  var callee = PickleValue.none
  var arguments = PickleValue.none
  /// What `__setstate__` would get.
  var state = PickleValue.none
  /// What `append` and `__setitem__` would get.
  var contents: Int?
}

/// A value and all that it consists of.
struct PickleDocument: Sendable {
  var root = PickleValue.none
  var collections: [PickleCollection] = []
  var objects: [PickleObject] = []
}

extension PickleDocument {
  func elements(_ value: PickleValue) -> [PickleValue]? {
    guard case .collection(let index) = value, collections[index].kind != .dictionary else { return nil }
    return collections[index].elements
  }

  /// The call of something of that full name.
  func call(_ value: PickleValue) -> (callee: String, arguments: [PickleValue], object: PickleObject)? {
    guard case .object(let index) = value, objects[index].origin == .call,
      case .global(let callee) = objects[index].callee
    else { return nil }
    return (callee, elements(objects[index].arguments) ?? [], objects[index])
  }

  /// The entries of a dictionary or of an `OrderedDict`, the last of each key, in the order of the first.
  func entries(_ value: PickleValue) -> [PickleCollection.Entry]? {
    if case .collection(let index) = value, collections[index].kind == .dictionary {
      return lastOfEachKey(collections[index].entries)
    }
    guard let (callee, arguments, object) = call(value),
      callee == "collections.OrderedDict" || callee == "collections.defaultdict"
    else { return nil }
    // Python 2 handed the entries to the constructor, as pairs.
    let pairs = arguments.last.flatMap { elements($0) } ?? []
    let constructed = pairs.compactMap { pair -> PickleCollection.Entry? in
      guard let both = elements(pair), both.count == 2 else { return nil }
      return .init(key: both[0], value: both[1])
    }
    return lastOfEachKey(constructed + (object.contents.map { collections[$0].entries } ?? []))
  }

  private func lastOfEachKey(_ entries: [PickleCollection.Entry]) -> [PickleCollection.Entry] {
    var places: [PickleValue: Int] = [:]
    var result: [PickleCollection.Entry] = []
    for entry in entries where entry.key.isPlainKey {
      if let place = places[entry.key] {
        result[place] = entry
      } else {
        places[entry.key] = result.count
        result.append(entry)
      }
    }
    return result
  }
}

extension PickleValue {
  /// Whether this can be the name of something. Long texts cannot: hashing one over and over would take for ever.
  fileprivate var isPlainKey: Bool {
    switch self {
    case .text(let text): text.utf8.count <= 4096
    case .integer: true
    default: false
    }
  }
}
