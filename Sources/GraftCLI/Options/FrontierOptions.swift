import ArgumentParser
import Foundation
import Graft

/// Which views of the photographs a training sees, and how much of the frozen part's work on them is remembered.
struct FrontierOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What chance does to training photographs, words with commas between them: light, medium, strong, or crop,flip and "
        + "others; graft augment --help has them all, and graft augment shows what they do. (default: none)",
      valueName: "words"),
    transform: { Augment(augmentation: try .parse($0)) })
  var augment: Augment?

  @Option(
    help: ArgumentHelp(
      "How many views of each photograph --augment makes; epoch by epoch they are used in turn, and the frozen part runs "
        + "once for each. (default: \(TrainingConfiguration.defaultViews); one an epoch where nothing is frozen)",
      valueName: "K"))
  var views: Int?

  @Option(help: ArgumentHelp("The most memory for remembered activations, in megabytes.", valueName: "MB"))
  var cacheSize = TrainingConfiguration().cacheSize >> 20

  @Option(
    help: ArgumentHelp(
      "The most disk for activations that later trainings find again, in megabytes; 0 keeps them off the disk.",
      valueName: "MB"))
  var diskCache = FrontierCache.standardLimit >> 20

  @Option(
    help: ArgumentHelp(
      "The most memory that the training may hold, in megabytes. (default: what is free)", valueName: "MB"))
  var memoryLimit: Int?

  /// “none” is no augmentation.
  struct Augment {
    var augmentation: Augmentation?
  }

  func validate() throws {
    guard (0...Int.max >> 20).contains(cacheSize) else {
      throw ValidationError("--cache-size is \(cacheSize); expected 0 to \(Int.max >> 20) megabytes")
    }
    guard (0...Int.max >> 20).contains(diskCache) else {
      throw ValidationError("--disk-cache is \(diskCache); expected 0 to \(Int.max >> 20) megabytes")
    }
    if let memoryLimit, !(1...Int.max >> 20).contains(memoryLimit) {
      throw ValidationError("--memory-limit is \(memoryLimit); expected 1 to \(Int.max >> 20) megabytes")
    }
    guard let views else { return }
    guard views > 0 else { throw ValidationError("--views is \(views); expected at least 1") }
    guard augment?.augmentation != nil else {
      throw ValidationError(
        "--views is \(views), but without --augment all views of a photograph are the same; name what it may do "
          + "(--augment crop,flip), or leave --views out")
    }
  }

  /// What a training may take of memory and disk.
  var resources: Resources {
    let cache = diskCache == 0 ? nil : FrontierCache.standard(limit: diskCache << 20)
    return Resources(
      memory: memoryLimit.map { $0 << 20 } ?? ProcessMemory.available,
      disk: cache.map { min($0.limit, $0.available) } ?? 0)
  }

  /// Writes what the options say into a configuration.
  ///
  /// - Parameter plan: says what the options leave open.
  func apply(to configuration: inout TrainingConfiguration, otherwise plan: AdaptationPlan? = nil) {
    let planned = plan?.augmentation.flatMap { try? Augmentation.parse($0) }
    configuration.augmentation = augment.map(\.augmentation) ?? planned
    configuration.views = views ?? (augment == nil ? plan?.views : nil)
    configuration.cacheSize = cacheSize << 20
    configuration.frontierCache = diskCache == 0 ? nil : .standard(limit: diskCache << 20)
  }
}
