/// The tensors of a checkpoint by their dotted names, found in whatever a training script has put around them.
///
/// Which part of the file holds the network: a dictionary with matrices or kernels directly in it does. Where the file's own has
/// none, the first of the customary wrappers (`state_dict`, `model`, …) that holds any tensor does, and so on within that;
/// then an entry whose name ends in `state_dict` or `model`. Where there is no wrapper, all that is not an
/// optimizer's counts. Nested dictionaries and modules are joined by dots, lists numbered.
struct TorchStateDictionary {
  struct Entry {
    let name: String
    let tensor: TorchTensorDescription
  }

  /// The keys that lead to it: `["state_dict"]`.
  private(set) var path: [String] = []
  private(set) var entries: [Entry] = []
  /// Tensors that Graft cannot read, and why.
  private(set) var unreadable: [(name: String, reason: String)] = []
  /// Plain values beside it: `epoch`, `arch`.
  private(set) var metadata: [String: TorchCheckpoint.PlainValue] = [:]
  /// The class of the module that was pickled whole; nil where the file holds a dictionary.
  private(set) var moduleClass: String?

  private let document: PickleDocument
  /// How many entries may still be looked at: a dictionary can hold itself twice, and that again.
  private var budget = 1_000_000

  /// From the best to the worst: an average of the weights (“ema”) is somebody's choice, the weights themselves are not.
  static let wrappers = [
    "state_dict", "model_state_dict", "model_state", "model", "net", "network", "module", "params", "weights",
    "student", "params_ema", "state_dict_ema", "model_ema", "ema", "ema_state_dict",
  ]
  private static let largestDepth = 64
  private static let longestName = 1024

  init(_ document: PickleDocument) throws(PickleError) {
    self.document = document
    var root = document.root
    for _ in 0..<8 {
      guard let (key, inner) = try wrapped(root) else { break }
      noteMetadata(beside: root)
      path.append(key)
      root = inner
    }
    noteMetadata(beside: root)
    moduleClass = document.module(root)?.className
    if let reading = try document.tensor(root) {
      note(reading, name: path.last ?? "tensor")
    } else {
      try flatten(root)
    }
  }

  /// The part of a dictionary that holds the network, where it has such a part.
  private mutating func wrapped(_ value: PickleValue) throws(PickleError) -> (String, PickleValue)? {
    guard let children = document.children(value), document.module(value) == nil else { return nil }
    try spend(children.count)
    var containers: [(name: String, value: PickleValue)] = []
    for child in children {
      if case .tensor(let tensor) = try document.tensor(child.value), !tensor.shape.isEmpty { return nil }
      if document.children(child.value) != nil { containers.append(child) }
    }
    let candidates =
      Self.wrappers.compactMap { name in containers.first { $0.name == name } }
      + containers.filter { child in
        let name = child.name.lowercased()
        return !Self.isOptimizer(name) && (name.hasSuffix("state_dict") || name.hasSuffix("model"))
      }
    for candidate in candidates where try holdsTensors(candidate.value) { return candidate }
    return nil
  }

  private static func isOptimizer(_ name: String) -> Bool {
    ["optim", "scheduler", "lr_sched", "scaler", "amp"].contains { name.hasPrefix($0) } || name.contains("optimizer")
  }

  private mutating func holdsTensors(_ value: PickleValue) throws(PickleError) -> Bool {
    var found = false
    try walk(value) { _, reading, _ in
      if reading != nil { found = true }
      return !found
    }
    return found
  }

  private mutating func flatten(_ root: PickleValue) throws(PickleError) {
    let isWhole = path.isEmpty
    var read: [(String, TorchTensorReading)] = []
    try walk(root) { name, reading, depth in
      if isWhole, depth == 1, Self.isOptimizer(name) { return false }
      if let reading { read.append((name, reading)) }
      return true
    }
    var names: Set<String> = []
    for (name, reading) in read {
      guard names.insert(name).inserted else { throw PickleError(reason: "two of its tensors are called '\(name)'") }
      note(reading, name: name)
    }
  }

  private mutating func note(_ reading: TorchTensorReading, name: String) {
    switch reading {
    case .tensor(let tensor): entries.append(Entry(name: name, tensor: tensor))
    case .unreadable(let reason): unreadable.append((name, reason))
    }
  }

  private mutating func noteMetadata(beside root: PickleValue) {
    for entry in document.entries(root) ?? [] {
      if let key = document.name(entry.key), let value = document.plain(entry.value) { metadata[key] = value }
    }
  }

  /// Visits all that a value holds, in the file's order: dotted name, the tensor where it is one, depth. What is within is left
  /// out where `visit` says no.
  private mutating func walk(
    _ root: PickleValue, _ visit: (String, TorchTensorReading?, Int) -> Bool
  ) throws(PickleError) {
    var stack = [(prefix: "", children: (document.children(root) ?? [])[...])]
    try spend(stack[0].children.count)
    while let (prefix, children) = stack.last {
      guard let child = children.first else {
        stack.removeLast()
        continue
      }
      stack[stack.count - 1].children.removeFirst()
      let name = prefix.isEmpty ? child.name : "\(prefix).\(child.name)"
      guard name.utf8.count <= Self.longestName else {
        throw PickleError(reason: "one of its names is longer than \(Self.longestName.grouped) bytes")
      }
      let reading = try document.tensor(child.value)
      guard visit(name, reading, stack.count), reading == nil, let inner = document.children(child.value) else {
        continue
      }
      guard stack.count < Self.largestDepth else {
        throw PickleError(reason: "it nests more than \(Self.largestDepth) dictionaries")
      }
      try spend(inner.count + 1)
      stack.append((name, inner[...]))
    }
  }

  private mutating func spend(_ count: Int) throws(PickleError) {
    budget -= count
    if budget < 0 { throw PickleError(reason: "it holds more entries than any network has") }
  }
}

extension PickleDocument {
  /// What a dictionary, a list or a module holds, by name; nil for anything else.
  func children(_ value: PickleValue) -> [(name: String, value: PickleValue)]? {
    if let module = module(value) { return module.children }
    if let entries = entries(value) {
      return entries.compactMap { entry in name(entry.key).map { ($0, entry.value) } }
    }
    return elements(value).map { $0.enumerated().map { (String($0), $1) } }
  }

  /// The parts of a module of PyTorch or TorchScript that was pickled whole.
  func module(_ value: PickleValue) -> (className: String, children: [(name: String, value: PickleValue)])? {
    guard case .object(let index) = value, objects[index].origin == .call, let name = className(objects[index]),
      let state = entries(objects[index].state)
    else { return nil }
    let fields = state.compactMap { entry in self.name(entry.key).map { ($0, entry.value) } }
    if name.hasPrefix("__torch__.") { return (name, fields) }
    let parts = ["_parameters", "_buffers", "_modules"].compactMap { part in fields.first { $0.0 == part }?.1 }
    guard parts.count == 3 else { return nil }
    return (name, parts.flatMap { children(ofDictionary: $0) })
  }

  private func children(ofDictionary value: PickleValue) -> [(name: String, value: PickleValue)] {
    (entries(value) ?? []).compactMap { entry in name(entry.key).map { ($0, entry.value) } }
  }

  /// The class that a call would make something of.
  private func className(_ object: PickleObject) -> String? {
    switch object.callee {
    case .global("copy_reg._reconstructor"), .global("copyreg._reconstructor"), .global("copyreg.__newobj__"):
      elements(object.arguments)?.first.flatMap { typeName($0) }
    default: typeName(object.callee)
    }
  }

  /// A class by its name; old files attach its source: `("module", class, file, source)`.
  private func typeName(_ value: PickleValue) -> String? {
    if case .global(let name) = value { return name }
    guard case .object(let index) = value, objects[index].origin == .persistent,
      let parts = elements(objects[index].arguments), parts.count > 1, parts[0] == .text("module"),
      case .global(let name) = parts[1]
    else { return nil }
    return name
  }
}
