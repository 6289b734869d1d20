import Graft
import Testing

@Suite struct StepBenchmarkTests {
  private static func benchmark(_ unfreeze: LayerSelector) -> StepBenchmark {
    StepBenchmark(.squeezenetTiny, batch: 6, unfreeze: unfreeze, steps: 2)
  }

  @Test func `the primitives alone take a part of the whole step's time`() async throws {
    let result = try await Self.benchmark(.head).run()
    let programs = try [#require(result.forward), #require(result.prefix), result.training]
    for program in programs {
      #expect(program.seconds > 0 && program.primitiveSeconds > 0)
      #expect(program.primitiveShare == program.primitiveSeconds / program.seconds)
      #expect(program.steps.isEmpty)
    }
    #expect(programs.map { $0.optimizerSeconds != nil } == [false, false, true])
  }

  @Test func `every step is measured where that is asked for, forward and backward`() async throws {
    let result = try await Self.benchmark(.all).run(includingForward: false, perStep: true)
    #expect(result.forward == nil && result.prefix == nil)
    let steps = result.training.steps
    let passes = Dictionary(grouping: steps, by: \.pass)
    #expect(passes[.forward]?.isEmpty == false && passes[.backward]?.isEmpty == false)
    // Nothing is measured of a layer that the network has not.
    let network = try Architecture.squeezenetTiny.graph().attaching(Head(classes: 10))
    #expect(Set(steps.map(\.layer)).isSubset(of: network.nodes.map(\.layer.name)))
    let convolutions = network.nodes.filter { $0.layer is Conv2D }.map(\.layer.name)
    #expect(convolutions.allSatisfy { name in steps.contains { $0.layer == name && $0.gradient == .parameters } })
  }

  @Test func `the predicted memory names what each program holds`() async throws {
    let frozen = try await Self.benchmark(.head).run().memory.programs
    #expect(frozen.map(\.name) == ["forward", "prefix", "training"])
    #expect(frozen.map { $0.held.gradients > 0 } == [false, false, true])
    let all = try await Self.benchmark(.all).run(includingForward: false)
    let training = try #require(all.memory.programs.first)
    #expect(all.memory.programs.count == 1)
    // float32, in layouts that may pad channels.
    #expect(training.held.gradients >= all.trainableParameters * 4)
    #expect(training.optimizerState == training.held.gradients)
    #expect(all.memory.peak == training.peak && training.peak > training.process + training.held.total)
  }
}
