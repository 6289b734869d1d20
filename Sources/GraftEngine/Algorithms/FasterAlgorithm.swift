import CDNNL
import GraftTensors

/// A primitive that two algorithms can compute, and what its arguments are called in it.
@EngineActor
struct AlgorithmTrial {
  /// One of the arguments, and how to ask a descriptor for its layout.
  struct Argument {
    let argument: Int32
    let query: dnnl_query_t
    var index: Int32 = 0
  }

  /// All that decides how long it takes.
  let signature: String
  let direct, winograd: PrimitiveDescriptor
  let input, output: Argument
  /// Weights and biases: their layouts are changed once, or in passing.
  let others: [Argument]

  /// Remembered, or measured now: the fastest of some runs, on zeros.
  func times(_ record: any AlgorithmRecord) throws -> AlgorithmTimes {
    if let known = record.times(of: signature) { return known }
    let measured = try AlgorithmTimes(
      direct: seconds(direct), winograd: seconds(winograd), inputConversion: conversion(of: input),
      outputConversion: conversion(of: output))
    return record.remember(measured, of: signature)
  }

  private func seconds(_ descriptor: PrimitiveDescriptor) throws -> Double {
    let arguments = try ([input, output] + others).compactMap { part in
      try descriptor.layout(part).map { (part.argument, try Memory($0)) }
    }
    let scratchpad = try descriptor.scratchpad.map { [(DNNL_ARG_SCRATCHPAD, try Memory($0))] } ?? []
    return try fastest(Primitive(descriptor, arguments + scratchpad))
  }

  private func conversion(of part: Argument) throws -> Double {
    guard let plain = direct.layout(part), let other = winograd.layout(part), !plain.equals(other) else { return 0 }
    let reorder = try PrimitiveDescriptor("a reorder", layer: "") {
      graft_reorder(&$0, $1, plain.handle, other.handle)
    }
    return try fastest(
      Primitive(reorder, [(DNNL_ARG_FROM, try Memory(plain)), (DNNL_ARG_TO, try Memory(other))]))
  }

  private func fastest(_ primitive: Primitive) throws -> Double {
    var best = Double.infinity
    for run in 0...4 {
      let start = ContinuousClock.now
      try primitive.execute()
      try Primitive.wait()
      if run > 0 { best = min(best, start.duration(to: .now) / .seconds(1)) }
    }
    return best
  }
}

extension PrimitiveDescriptor {
  fileprivate func layout(_ part: AlgorithmTrial.Argument) -> MemoryDescriptor? {
    opaque(part.query, index: part.index)
  }
}
