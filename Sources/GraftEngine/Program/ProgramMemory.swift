/// How many bytes a program holds from when it is compiled to its end, by what they are for.
public struct ProgramMemory: Hashable, Sendable, Codable {
  /// The numbers of the network, in the layouts and types that the primitives read, copies for several layouts included.
  public let parameters: Int
  /// A gradient for each parameter that trains.
  public let gradients: Int
  /// All that a step computes on its way: activations, their gradients and oneDNN's scratch memory, most of it in one arena.
  public let activations: Int

  public var total: Int { parameters + gradients + activations }

  init(parameters: Int, gradients: Int, activations: Int) {
    self.parameters = parameters
    self.gradients = gradients
    self.activations = activations
  }
}

extension ProgramMemory {
  /// - Parameters:
  ///   - steps: all of the program's.
  ///   - slots: its parameters.
  ///   - activations: the arena's size.
  @EngineActor
  init(of steps: [Step], slots: [ParameterSlot], activations: Int) {
    let parameters = Set(slots.flatMap(\.buffers).map(ObjectIdentifier.init))
    let gradients = Set(slots.compactMap(\.gradient?.buffer).map(ObjectIdentifier.init))
    var seen: Set<ObjectIdentifier> = []
    var bytes = (parameters: 0, gradients: 0, activations: activations)
    for buffer in steps.flatMap(\.buffers) + slots.flatMap(\.buffers)
    where !buffer.isPlanned && seen.insert(ObjectIdentifier(buffer)).inserted {
      if parameters.contains(ObjectIdentifier(buffer)) {
        bytes.parameters += buffer.byteCount
      } else if gradients.contains(ObjectIdentifier(buffer)) {
        bytes.gradients += buffer.byteCount
      } else {
        bytes.activations += buffer.byteCount
      }
    }
    self.init(parameters: bytes.parameters, gradients: bytes.gradients, activations: bytes.activations)
  }
}
