import GraftEngine
import GraftGraph
import GraftLearning
import GraftPlanning
import GraftTensors

/// An optimizer with its state for each parameter, the gradients that wait for its next step, and averages of the weights.
@EngineActor
public struct ParameterUpdater {
  private let settings: OptimizerSettings
  private let clipping: GradientClipping?
  private let averaging: WeightAveraging?
  /// What happens to each parameter; one that is missing moves at the full rate and is not pulled.
  private let plans: [String: ParameterPlan]
  /// Where parameters started that are pulled back there, laid out as they are.
  private var starts: [String: [Float]] = [:]
  private var states: [String: [[Float]]] = [:]
  private var averages: [String: WeightAverage] = [:]
  /// How often each parameter has been updated.
  private(set) var updates: [String: Int] = [:]
  /// The gradients of batches since the last step, each times its weight.
  private var sums: [String: [Float]] = [:]
  private(set) var accumulatedWeight = 0.0

  /// - Parameter plans: of the parameters that train, by their names.
  public init(_ configuration: TrainingConfiguration, plans: [String: ParameterPlan] = [:]) {
    settings = configuration.optimizer
    clipping = configuration.clipping
    averaging = configuration.averaging
    self.plans = plans
  }

  /// Says where parameters started, for those that are pulled back there (L2-SP).
  mutating func remember(starts parameters: Parameters, in program: TrainingProgram) throws {
    for (name, plan) in plans where plan.trains && plan.decaysTowardsStart {
      guard let tensor = parameters[name] else { continue }
      starts[name] = try program.elements(tensor, likeParameter: name)
    }
  }

  /// Adds the gradient of the last backward pass to those that the next step goes by: their mean, by weights.
  ///
  /// - Parameter weight: of the images that it is the mean of, all together.
  public mutating func accumulate(_ program: TrainingProgram, weight: Double) {
    accumulatedWeight += weight
    program.updateParameters { specification, _, gradient in
      var sum = sums.removeValue(forKey: specification.name) ?? [Float](repeating: 0, count: gradient.count)
      let weight = Float(weight)
      for index in sum.indices { sum[index] += weight * gradient[index] }
      sums[specification.name] = sum
    }
  }

  /// Whether gradients wait for a step.
  public var hasAccumulated: Bool { accumulatedWeight > 0 }

  /// Moves every parameter that trains: by the mean of the gradients that have been accumulated, or by the gradient of the last
  /// backward pass where none has.
  ///
  /// - Parameter momentum: the optimizer's for this step; nil for its own.
  public mutating func step(_ program: TrainingProgram, learningRate: Double, momentum: Double? = nil) {
    let optimizer = (momentum.map { settings.cycling(momentum: $0) } ?? settings).optimizer
    takeMeans()
    let scale = clippingScale(program)
    program.updateParameters { specification, parameter, gradient in
      let name = specification.name
      let plan = plans[name]
      // Taken out while in use: a copy of the state would cost more than the step.
      var state = states.removeValue(forKey: name) ?? optimizer.initialState(count: parameter.count)
      let step = updates[name, default: 0] + 1
      let (rate, decay) = (Float(learningRate * (plan?.rate ?? 1)), Float(plan?.decay ?? 0))
      let start = starts[name]
      func move(_ parameter: inout MutableSpan<Float>, _ gradient: Span<Float>) {
        optimizer.update(
          &parameter, gradient: gradient, state: &state, step: step, learningRate: rate,
          weightDecay: start == nil ? decay : 0)
      }
      if hasAccumulated || clipping != nil || start != nil {
        var own = hasAccumulated ? sums.removeValue(forKey: name) ?? [] : gradient.indices.map { gradient[$0] }
        var span = own.mutableSpan
        clipping?.apply(to: &span, scale: scale)
        if let start { StartingPoint.addPull(to: &span, parameter: parameter.span, start: start.span, decay: decay) }
        move(&parameter, own.span)
      } else {
        move(&parameter, gradient)
      }
      states[name] = state
      updates[name] = step
      if case .exponential = averaging { average(name, parameter.span) }
    }
    sums = [:]
    accumulatedWeight = 0
  }

  /// Takes in the weights as they are at an epoch's end, where the average is of these.
  mutating func endEpoch(_ program: TrainingProgram) {
    guard averaging == .equal else { return }
    program.updateParameters { specification, parameter, _ in average(specification.name, parameter.span) }
  }

  private mutating func average(_ name: String, _ parameter: Span<Float>) {
    guard let averaging else { return }
    var mean = averages.removeValue(forKey: name) ?? WeightAverage(averaging)
    mean.add(parameter)
    averages[name] = mean
  }

  /// Turns sums of gradients into means.
  private mutating func takeMeans() {
    guard hasAccumulated else { return }
    let weight = Float(accumulatedWeight)
    for name in sums.keys {
      guard var sum = sums.removeValue(forKey: name) else { continue }
      for index in sum.indices { sum[index] /= weight }
      sums[name] = sum
    }
  }

  private func clippingScale(_ program: TrainingProgram) -> Float {
    guard let clipping else { return 1 }
    var norm = GradientNorm()
    program.updateParameters { specification, _, gradient in
      if let mean = sums[specification.name] { norm.add(mean.span) } else { norm.add(gradient) }
    }
    return clipping.scale(forNorm: norm.value)
  }
}

extension ParameterUpdater {
  /// The averages of the weights in the parameters' own shapes; empty where none are taken.
  func averagedParameters(_ program: TrainingProgram) throws -> Parameters {
    var result = Parameters()
    for (name, average) in averages where average.count > 0 {
      result[name] = try program.tensor(average.values, likeParameter: name)
    }
    return result
  }

  /// What it remembers of each parameter, in the parameters' own shapes: under `optimizer/STATE/PARAMETER`, the sums of gradients
  /// that wait under `gradients/PARAMETER`, averages under `average/PARAMETER` and how many they are of under `averages/PARAMETER`.
  func tensors(_ program: TrainingProgram) throws -> [String: Tensor] {
    var result: [String: Tensor] = [:]
    let optimizer = settings.optimizer
    for (parameter, state) in states {
      for (name, elements) in zip(optimizer.stateNames, state) {
        result["optimizer/\(name)/\(parameter)"] =
          optimizer.scalarStateNames.contains(name)
          ? Tensor(elements, shape: [1]) : try program.tensor(elements, likeParameter: parameter)
      }
    }
    for (parameter, elements) in sums {
      result["gradients/\(parameter)"] = try program.tensor(elements, likeParameter: parameter)
    }
    for (parameter, average) in averages where average.count > 0 {
      result["average/\(parameter)"] = try program.tensor(average.values, likeParameter: parameter)
      result["averages/\(parameter)"] = Tensor([Float(average.count)], shape: [1])
    }
    return result
  }

  /// Goes on from what `tensors` has returned, of this program or of another that trains some of the same parameters; what is not
  /// there begins anew.
  mutating func restore(
    _ tensors: [String: Tensor], updates: [String: Int], accumulatedWeight: Double, in program: TrainingProgram
  ) throws {
    let optimizer = settings.optimizer
    let names = optimizer.stateNames
    for (parameter, count) in updates {
      let state = try names.compactMap { name -> [Float]? in
        guard let tensor = tensors["optimizer/\(name)/\(parameter)"] else { return nil }
        return optimizer.scalarStateNames.contains(name)
          ? tensor.floats : try program.elements(tensor, likeParameter: parameter)
      }
      guard state.count == names.count, program.trains(parameter) else { continue }
      states[parameter] = state
      self.updates[parameter] = count
    }
    for (name, tensor) in tensors {
      if let parameter = name.removing(prefix: "average/"), let averaging,
        let values = try program.elements(tensor, likeParameter: parameter)
      {
        let count = Int(tensors["averages/\(parameter)"]?.floats.first ?? 1)
        averages[parameter] = WeightAverage(averaging, count: count, values: values)
      }
      if accumulatedWeight > 0, let parameter = name.removing(prefix: "gradients/") {
        sums[parameter] = try program.elements(tensor, likeParameter: parameter)
      }
    }
    self.accumulatedWeight = accumulatedWeight
  }
}

extension String {
  func removing(prefix: String) -> String? { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil }
}
