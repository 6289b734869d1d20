import GraftGraph
import GraftPlanning
import GraftTensors
import Testing

@Suite struct PlanCostTests {
  /// image [2, 4, 4] → a (3 filters, 1×1) → b (5 filters, 1×1, rectified) → c (dense 7 after pooling).
  private static func network() throws -> LayerGraph {
    var graph = try LayerGraph(input: [2, 4, 4], name: "image")
    try graph.add(Conv2D("a", filters: 3, kernel: 1))
    try graph.add(Conv2D("b", filters: 5, kernel: 1, activation: .relu))
    try graph.add(GlobalAveragePooling2D("pool"))
    try graph.add(Dense("c", units: 7))
    return graph
  }

  // Multiply-adds: a 16·2·3 = 96, b 16·3·5 = 240, c 5·7 = 35. Elements: relu 80, pooling 80.
  @Test(
    arguments: [
      "c: 336 35 35 42 20", "b c: 96 275 310 62 192", "a b c: 0 371 646 71 128", "a c: 0 371 406 51 128",
    ])
  func `forward and backward are counted as they run`(row: String) throws {
    let parts = row.split(separator: ":").map { $0.split(separator: " ").map(String.init) }
    let trains = Set(parts[0])
    let numbers = parts[1].compactMap(Int.init)
    let (prefix, forward, backward, trainable, bytes) = (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4])
    let cost = FreezePlan(trainableLayers: trains).cost(of: try Self.network())
    #expect(cost.prefix.multiplyAdds == prefix)
    #expect(cost.forward.multiplyAdds == forward)
    #expect(cost.backward.multiplyAdds == backward)
    #expect(cost.trainableParameters == trainable)
    #expect(cost.frontierBytes == bytes)
    #expect(cost.parameters == 71)
    #expect(cost.stages.map(\.stage) == ["stage1", nil])
    #expect(cost.stages.reduce(0) { $0 + $1.backward.multiplyAdds } == backward)
  }

  @Test func `elements are counted where numbers are not multiplied`() throws {
    let cost = FreezePlan(trainableLayers: ["b", "c"]).cost(of: try Self.network())
    #expect(cost.prefix.elementOperations == 0)
    #expect(cost.forward.elementOperations == 160)
    #expect(cost.backward.elementOperations == 160)
  }

  @Test func `a kernel that is frozen beside its bias costs no gradient`() throws {
    let graph = try Self.network()
    let plan = try FreezePlan(.parameters(.bias), graph: graph, head: ["c"])
    // Through b for a's bias, and through c; c's kernel is the head's.
    #expect(plan.cost(of: graph).backward.multiplyAdds == 310)
  }

  @Test func `layer times add up to what a plan takes`() throws {
    let graph = try Self.network()
    let seconds = LayerTimes.Seconds(
      inference: 1, forward: 10, inputGradient: 100, parameterGradient: 1000, bothGradients: 10000)
    let times = LayerTimes(["a": seconds, "b": seconds, "c": seconds], updateSecondsPerParameter: 2)
    var wide = times
    wide.frontierSecondsPerByte = 0.5
    // b gives [5, 4, 4], which the pooling makes [5] of: 20 bytes.
    #expect(wide.times(of: FreezePlan(trainableLayers: ["c"]), on: graph, batch: 4).prefix == 12)
    let late = times.times(of: FreezePlan(trainableLayers: ["c"]), on: graph, batch: 4)
    #expect(late == ProgramTimes(prefix: 2, training: 11031, evaluation: 1))
    let both = times.times(of: FreezePlan(trainableLayers: ["b", "c"]), on: graph, batch: 4)
    #expect(both == ProgramTimes(prefix: 1, training: 22151, evaluation: 2))
  }

  @Test func `epochs with new views take longer than those that follow`() {
    let times = ProgramTimes(prefix: 10, training: 1, evaluation: 0.5)
    let rates = TimePrediction.Rates(decode: 2, start: 7)
    let amount = TimePrediction.Amount(trainingImages: 100, validationImages: 10, views: 2, epochs: 4)
    let cold = TimePrediction(times, rates: rates, amount: amount)
    #expect(cold.epochs == [1425, 1305, 105, 105])
    #expect(cold.total == 2947)
    #expect(cold.firstEpoch == 1425 && cold.laterEpoch == 105)
    let warm = TimePrediction(times, rates: rates, amount: amount, isRemembered: true)
    #expect(warm.epochs == [105, 105, 105, 105])
  }

  @Test func `what is kept on the disk is read, what is kept nowhere computed`() {
    let times = ProgramTimes(prefix: 10, training: 1, evaluation: 0.5)
    let rates = TimePrediction.Rates(decode: 2)
    var amount = TimePrediction.Amount(
      trainingImages: 100, validationImages: 0, epochs: 2, training: .disk(bytesPerSecond: 1000), bytesPerImage: 3000)
    #expect(TimePrediction(times, rates: rates, amount: amount).epochs == [1300, 400])
    amount.training = .nowhere
    #expect(TimePrediction(times, rates: rates, amount: amount).epochs == [1300, 1300])
  }

  @Test func `the first plan that fits is chosen, and what the others lack is said`() {
    let demand = ["big": Resources(memory: 10), "wide": Resources(memory: 1, disk: 9), "small": Resources(memory: 1)]
    let fit = nearestFitting(["big", "wide", "small", "none"], limit: Resources(memory: 5, disk: 5)) {
      demand[$0] ?? Resources(memory: 0)
    }
    #expect(fit.chosen == "small")
    #expect(fit.refused.map(\.plan) == ["big", "wide"])
    #expect(fit.refused.map(\.shortage) == [.memory(needed: 10, available: 5), .disk(needed: 9, available: 5)])
    #expect(nearestFitting(["big"], limit: Resources(memory: 1)) { demand[$0]! }.chosen == nil)
  }
}
