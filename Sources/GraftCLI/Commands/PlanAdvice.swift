import ArgumentParser
import Foundation
import Graft

/// What `graft plan` needs to find out what should train.
struct AdviceOptions: ParsableArguments {
  @Option(help: BackboneOptions.weightsHelp)
  var weights: [String] = []

  @Option(
    help: ArgumentHelp(
      "What is done to images, where the weights do not say; for several networks as often as these: "
        + "\(Preprocessing.names.joined(separator: ", ")).", valueName: "mode"))
  var preprocessing: [String] = []

  @Option(help: BackboneOptions.cutHelp)
  var cut: String?

  @Option(help: "How photographs are brought to size: by the shorter side, then the middle; or squashed.")
  var resize = ResizeOption.crop

  @Option(help: ArgumentHelp("The most that the training may take: 90s, 20min, 1.5h.", valueName: "time"))
  var budget: String?

  @Option(help: ArgumentHelp("Of how many photographs features are taken at most.", valueName: "count"))
  var photographs = StageFeatures.defaultLimit

  @Option(help: ArgumentHelp("Where the recommended plan is written, for graft finetune --plan.", valueName: "file"))
  var out: String?

  @Option(help: "Decides the division of the photographs, and of those that are probed.")
  var seed: UInt64 = 0

  /// - Parameter isAsked: whether advice is given at all.
  func validate(isAsked: Bool) throws {
    let asked = [("--budget", budget != nil), ("--out", out != nil)]
    if !isAsked, let option = asked.first(where: \.1)?.0 {
      throw ValidationError(
        "\(option) is for a plan that photographs decide: name them with --data, and leave out what says what trains "
          + "(--unfreeze and its like, --augment, --from, --diff)")
    }
    if let budget { _ = try AdviceLimits.seconds(parsing: budget) }
    guard photographs >= 10 else { throw ValidationError("--photographs is \(photographs); expected at least 10") }
  }
}

/// Networks, photographs, and what is allowed.
struct AdviceRequest {
  let backbones: [String]
  let imageSize: Int?
  let options: AdviceOptions
  let data: ImageDatasets
  let configuration: TrainingConfiguration
  /// In bytes.
  let resources: Resources

  /// Tries the networks one after the other.
  ///
  /// - Returns: nil where the only network has no weights to be had, which is said: its plan can still be shown.
  func advise() async throws -> AdvisedBackbones? {
    let choices = try choices()
    if choices.count == 1, choices[0].weights == nil, let architecture = try? Architecture.named(choices[0].backbone),
      WeightsCache.standard.file(of: architecture) == nil, EmbeddedWeights.of(architecture) == nil
    {
      Terminal.standard.write(
        "no advice: \(try choices[0].missing().message)")
      return nil
    }
    let allowed = AdviceLimits(
      seconds: try options.budget.map { try AdviceLimits.seconds(parsing: $0) }, memory: resources.memory,
      disk: resources.disk)
    return try await interruptible {
      var models: [TrainedModel] = []
      var advice: [Advice] = []
      for choice in choices {
        if choices.count > 1 { Terminal.standard.write("network \(advice.count + 1): \(choice.backbone)") }
        var advisor = try Advisor(
          backbone: choice.load(seed: options.seed), data: data, resize: options.resize.resize,
          configuration: configuration)
        advisor.limits = allowed
        advisor.photographs = options.photographs
        models.append(advisor.model)
        advice.append(try await advisor.advise { $0.show() })
        Terminal.standard.finishLine()
        for photograph in advice[advice.count - 1].skipped where advice.count == 1 {
          Terminal.standard.write("skipped \(photograph.path): \(photograph.reason)")
        }
      }
      return AdvisedBackbones(
        choices: choices, models: models, advice: advice, ranking: Advice.ranking(advice), request: self)
    }
  }

  /// The networks with what belongs to each: --weights are for those that are known by name, and for Keras's descriptions.
  private func choices() throws -> [BackboneOptions] {
    var weights = options.weights[...]
    guard [0, 1, backbones.count].contains(options.preprocessing.count) else {
      throw ValidationError(
        "\(options.preprocessing.count) --preprocessing for \(backbones.count) networks; name it once, or for each")
    }
    let choices = try backbones.enumerated().map { number, name in
      var choice = BackboneOptions()
      choice.backbone = name
      choice.imageSize = imageSize
      choice.cut = options.cut
      choice.preprocessing =
        options.preprocessing.count > 1 ? options.preprocessing[number] : options.preprocessing.first
      let needsNumbers = (try? Architecture.named(name)) != nil || name.lowercased().hasSuffix(".json")
      choice.weights = needsNumbers ? weights.popFirst() : nil
      try choice.validate()
      return choice
    }
    if let left = weights.first {
      throw ValidationError("--weights \(left) belongs to no network: those in files bring their own numbers")
    }
    return choices
  }
}

/// What came of it.
struct AdvisedBackbones: Sendable {
  let choices: [BackboneOptions]
  let models: [TrainedModel]
  let advice: [Advice]
  /// Positions, the best first.
  let ranking: [Int]
  let request: AdviceRequest

  var best: Advice { advice[ranking[0]] }
  var model: TrainedModel { models[ranking[0]] }

  /// Writes the plan where it was asked for.
  func write() throws {
    guard let out = request.options.out else { return }
    try best.plan.write(to: URL(filePath: out))
  }

  /// What trains by the plan.
  var command: String {
    let choice = choices[ranking[0]]
    var words = ["graft", "finetune", "--backbone", choice.backbone]
    func add(_ option: String, _ value: String?) { if let value { words += [option, value] } }
    add("--weights", choice.weights)
    add("--preprocessing", choice.preprocessing)
    add("--cut", choice.cut)
    add("--image-size", choice.imageSize.map { "\($0)" })
    if request.options.resize != .crop { add("--resize", request.options.resize.rawValue) }
    words += CommandLine.arguments.argumentsAfter("--data").flatMap { ["--data", $0] }
    add("--split", CommandLine.arguments.argumentsAfter("--split").last)
    if request.options.seed != 0 { add("--seed", "\(request.options.seed)") }
    add("--plan", request.options.out ?? "auto")
    return words.map { $0.contains(" ") ? "'\($0)'" : $0 }.joined(separator: " ")
  }
}

extension [String] {
  /// The values of an option, as they were written.
  fileprivate func argumentsAfter(_ option: String) -> [String] {
    zip(self, dropFirst()).filter { $0.0 == option }.map(\.1)
      + filter { $0.hasPrefix(option + "=") }.map { String($0.dropFirst(option.count + 1)) }
  }
}

extension Advisor.Event {
  func show() {
    switch self {
    case .progress(let progress): Terminal.standard.show(progress)
    case .probing(let source): Terminal.standard.write("probing features: \(source)")
    case .measuring: Terminal.standard.write("timing a few steps")
    }
  }
}
