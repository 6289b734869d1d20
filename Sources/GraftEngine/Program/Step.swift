/// One thing that a program does, and the buffers that it reads or writes.
@EngineActor
struct Step {
  enum Work {
    case primitive(Primitive)
    /// What no primitive does: drawing a dropout mask.
    case host(@EngineActor () -> Void)
  }

  let work: Work
  let buffers: [Buffer]
  /// The layer that it belongs to.
  let layer: String

  func execute() throws {
    switch work {
    case .primitive(let primitive): try primitive.execute()
    case .host(let body): body()
    }
  }
}

extension [Step] {
  @EngineActor
  func execute() throws {
    for step in self { try step.execute() }
    try Primitive.wait()
  }

  /// Finds a place for every planned buffer of the steps, which run in this order.
  ///
  /// - Parameters:
  ///   - fromStart: what is written before the first step.
  ///   - toEnd: what is read after the last.
  /// - Returns: the arena's size in bytes.
  @EngineActor
  func placeBuffers(fromStart: [Buffer], toEnd: [Buffer]) throws -> Int {
    var lives: [ObjectIdentifier: (buffer: Buffer, first: Int, last: Int)] = [:]
    var order: [ObjectIdentifier] = []
    func note(_ buffer: Buffer, at step: Int) {
      guard buffer.isPlanned else { return }
      let key = ObjectIdentifier(buffer)
      if let life = lives[key] {
        lives[key] = (buffer, Swift.min(life.first, step), Swift.max(life.last, step))
      } else {
        lives[key] = (buffer, step, step)
        order.append(key)
      }
    }
    for buffer in fromStart { note(buffer, at: -1) }
    for (index, step) in enumerated() {
      for buffer in step.buffers { note(buffer, at: index) }
    }
    for buffer in toEnd { note(buffer, at: count) }

    let placed = order.compactMap { lives[$0] }
    let plan = ArenaPlan(placed.map { ArenaPlan.Need(byteCount: $0.buffer.byteCount, steps: $0.first...$0.last) })
    let arena = try Arena(byteCount: plan.byteCount, pages: .large)
    for (life, offset) in zip(placed, plan.offsets) { try life.buffer.place(in: arena, at: offset) }
    return plan.byteCount
  }
}
