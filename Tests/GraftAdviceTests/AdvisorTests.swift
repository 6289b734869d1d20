import Foundation
import GraftEngine
import GraftGraph
import GraftImages
import GraftLearning
import GraftPlanning
import GraftTensors
import GraftTraining
import Testing

@testable import GraftAdvice

/// Advice on a network and photographs, from beginning to end.
@Suite struct AdvisorTests {
  @Test func `colours are told by a head alone, and the plan that says so can be read again`() async throws {
    let toy = try AdviceToy(.colour)
    let advice = try await Advisor(AdviceToy.model(), data: toy.data).advise()
    #expect(advice.facts.probes.map(\.source.node) == ["conv1", "head_pool"])
    #expect(advice.facts.output.accuracy > 0.9)
    #expect(advice.probed == 40)
    #expect(advice.recommended.depth == .head)
    #expect(advice.plan.solver?.kind == .lbfgs)
    #expect(advice.plan.transfer.stages == StagedPlan(.head))
    #expect(advice.candidates.map(\.depth) == [.head, .lastStages(1), .all])
    #expect(advice.candidates.allSatisfy { $0.seconds > 0 })
    #expect(advice.plan.reasons.count >= 4)
    let file = toy.folder.appending(path: "plan.json")
    try advice.plan.write(to: file)
    #expect(try AdaptationPlan(contentsOf: file) == advice.plan)
  }

  @Test func `where nothing tells the classes apart, few photographs do not decide`() async throws {
    let toy = try AdviceToy(.none, training: 24)
    let advice = try await Advisor(AdviceToy.model(), data: toy.data).advise()
    #expect(advice.facts.output.accuracy < 0.9)
    #expect(advice.facts.distance == .unclear)
    #expect(advice.plan.reasons.contains { $0.contains("cannot be told") })
  }

  @Test func `features are the averages of the layers' outputs`() async throws {
    let toy = try AdviceToy(.colour, training: 5)
    let model = try AdviceToy.model()
    let (features, expected) = try await EngineActor.run {
      let features = try await StageFeatures(of: model, samples: toy.data.training)
      let program = try InferenceProgram(model.graph.cut(at: ["conv2"]), parameters: model.parameters, batch: 4)
      let maps = try program.run(features.images[rows: 0..<1])
      return (features, maps.floats)
    }
    let positions = expected.count / 8
    for channel in 0..<8 {
      let mean = expected[channel * positions..<(channel + 1) * positions].reduce(0, +) / Float(positions)
      #expect(abs(features.matrices[features.matrices.count - 1][0][channel] - mean) < 1e-5)
    }
    #expect(features.samples == toy.data.training)
  }

  @Test func `of many photographs as many are probed as asked, spread over all`() async throws {
    let toy = try AdviceToy(.colour, training: 40)
    let features = try await EngineActor.run {
      try await StageFeatures(of: AdviceToy.model(), samples: toy.data.training, limit: 10)
    }
    #expect(features.samples == (0..<10).map { toy.data.training[$0 * 4] })
    #expect(features.available == 40)
  }

  @Test func `what does not fit is refused with the reason, and what comes nearest is named`() async throws {
    let toy = try AdviceToy(.colour)
    var advisor = try Advisor(AdviceToy.model(), data: toy.data)
    advisor.limits = AdviceLimits(memory: 1000)
    let advice = try await advisor.advise()
    #expect(advice.exceedsLimits)
    #expect(advice.recommended.depth == .head)
    #expect(advice.refused.contains { $0.reason.hasSuffix("and 1 kB are allowed") })
    let hurried = try await Advisor(AdviceToy.model(), data: toy.data).advise(budget: 1e-9)
    #expect(hurried.exceedsLimits)
    #expect(hurried.plan.reasons.contains { $0.contains("passed over") })
  }

  @Test func `a time that is short costs epochs before it costs depth`() async throws {
    let toy = try AdviceToy(.colour)
    let maker = CandidateMaker(
      model: try AdviceToy.model(), data: toy.data,
      facts: AdviceFacts(
        probes: [SourceProbe(FeatureSource(name: "output", node: "x", shape: [8], depth: 1), isRight: [true, false])],
        classes: ["a", "b"], counts: [20, 20]),
      times: TrainingTimes(
        measured: MeasuredNetwork(
          times: LayerTimes(["conv1": .init(inference: 0.01, forward: 0.01, bothGradients: 0.02)]), decode: 0.001,
          start: 0)), configuration: TrainingConfiguration())
    let full = try maker.candidate(.all)
    let half = try #require(try maker.fitting(.all, seconds: full.seconds / 2))
    #expect(half.depth == .all)
    #expect(half.seconds <= full.seconds / 2)
    #expect(try #require(half.plan.epochs) < #require(full.plan.epochs))
    #expect(try maker.fitting(.all, seconds: full.seconds / 100) == nil)
    // 40 photographs learn at 0.03 s and 8 are looked at, all decoded anew; the solver's pass comes first.
    let epochs = Double(try #require(full.plan.epochs))
    let expected = 48 * 0.011 + epochs * (40 * 0.031 + 8 * 0.01) + 8 * 0.001
    #expect(abs(full.seconds - expected) < 1e-9, "\(full.seconds) and \(expected)")
  }

  @Test func `batch normalisations that saw the same are not shifted, others are`() async throws {
    let toy = try AdviceToy(.colour)
    func shift(_ model: TrainedModel) async throws -> NormalizationShift? {
      try await EngineActor.run { try await NormalizationShift(of: model, samples: toy.data.training) }
    }
    #expect(try await shift(AdviceToy.model()) == nil)
    // Folded away: mean 0 everywhere.
    #expect(try await shift(AdviceToy.model(norm: (0, 1))) == nil)
    let near = try #require(try await shift(AdviceToy.model(norm: (0.2, 0.1))))
    let far = try #require(try await shift(AdviceToy.model(norm: (20, 0.1))))
    #expect(near.median < far.median)
    #expect(near.layers.map(\.layer) == ["norm"])
  }

  @Test func `one class, or labels in place of classes, are refused with what to do`() async throws {
    let toy = try AdviceToy(.colour)
    let single = ImageDatasets(
      tasks: toy.data.tasks, training: toy.data.training.filter { $0.label == 0 }, validation: [], division: .given)
    await #expect(throws: AdviceError.oneClass(count: 20)) {
      try await Advisor(AdviceToy.model(), data: single).advise()
    }
    let labels = ImageDatasets(
      tasks: [.multiLabel(labels: ["a", "b"])], training: toy.data.training, validation: [], division: .given)
    #expect(throws: AdviceError.notOneClassification(heads: 1)) { try Advisor(AdviceToy.model(), data: labels) }
    #expect(
      "\(AdviceError.notOneClassification(heads: 1))"
        == "advice is for one head that tells classes apart; these photographs have labels or numbers instead. Choose the plan "
        + "yourself with --unfreeze or --stages")
  }

  @Test func `of networks that do equally well the faster comes first`() async throws {
    let toy = try AdviceToy(.colour)
    let slow = try await Advisor(AdviceToy.model(), data: toy.data).advise()
    let fast = try await Advisor(AdviceToy.model(), data: toy.data).advise()
    let order = Advice.ranking([slow, fast])
    #expect(Set(order) == [0, 1])
    let seconds = order.map { [slow, fast][$0].recommended.seconds }
    #expect(seconds[0] <= seconds[1])
  }
}
