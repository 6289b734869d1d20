import GraftFormats
import GraftGraph
import GraftImages
import GraftPlanning

/// What a training will remember of its images at the frontier, and where, as far as that can be told before anything
/// runs.
public struct CachePlan: Hashable, Sendable, Codable {
  /// Where activations are between one epoch and the next.
  public enum Place: String, Hashable, Sendable, Codable {
    case memory
    /// In the frontier cache alone, from which every epoch reads them.
    case disk
    /// Nowhere: every epoch computes, or decodes, anew.
    case nowhere
  }

  /// Whether anything frozen precedes the frontier; where nothing does, decoded images are what is remembered.
  public let hasFrozenPart: Bool
  /// Whether training images are seen in random views.
  public let isAugmented: Bool
  /// Of one view of one image at the frontier.
  public let bytesPerImage: Int
  public let trainingImages: Int
  public let validationImages: Int
  /// How many views of each training image the epochs will use; one without augmentation.
  public let views: Int
  /// All of them together, in memory.
  public let bytes: Int
  public let training: Place
  public let validation: Place
  /// What the frontier cache's file will have grown by where nothing is in it yet, file header included; 0 where the
  /// disk is left alone.
  public let diskBytes: Int

  /// The rule: everything in memory where it fits into `cacheSize`; else on the disk, where the frontier cache's limit
  /// holds it; else the validation images in memory where at least these fit. Decoded images never go to the disk, and
  /// their random views are not kept at all: decoding runs beside the training, which computes all layers anyway. Images that
  /// are mixed with each other are others in every epoch: nothing of them is kept.
  ///
  /// - Parameters:
  ///   - frontier: where training begins, in the network without its softmax.
  ///   - trainingImages, validationImages: files, readable or not.
  public init(
    frontier: [LayerGraph.Node], trainingImages: Int, validationImages: Int, configuration: TrainingConfiguration
  ) {
    hasFrozenPart = !frontier.allSatisfy { $0.layer is InputLayer }
    isAugmented = configuration.augmentation != nil
    bytesPerImage = FrontierLayout(frontier).byteCount
    self.trainingImages = trainingImages
    self.validationImages = validationImages
    views = configuration.usedViews(hasFrozenPart: hasFrozenPart)
    let records = Self.saturating(trainingImages, times: views, plus: validationImages)
    bytes = Self.saturating(bytesPerImage, times: records)
    let fileBytes = RecordFile.byteCount(of: records, keyBytes: ImageKey.byteCount, payloadBytes: bytesPerImage)
    let isOnDisk =
      hasFrozenPart && configuration.augmentation?.mixing == nil
      && configuration.frontierCache.map { fileBytes <= $0.limit } ?? false
    diskBytes = isOnDisk ? fileBytes : 0
    if configuration.augmentation?.mixing != nil {
      training = .nowhere
      let fits = Self.saturating(bytesPerImage, times: validationImages) <= configuration.cacheSize
      validation = fits ? .memory : .nowhere
    } else if bytes <= configuration.cacheSize, hasFrozenPart || !isAugmented {
      (training, validation) = (.memory, .memory)
    } else if isOnDisk {
      (training, validation) = (.disk, .disk)
    } else {
      training = .nowhere
      let fits = Self.saturating(bytesPerImage, times: validationImages) <= configuration.cacheSize
      validation = fits ? .memory : .nowhere
    }
  }

  /// What memory will hold.
  public var memoryBytes: Int {
    switch (training, validation) {
    case (.memory, _): bytes
    case (_, .memory): bytesPerImage * validationImages
    default: 0
    }
  }

  /// `factor × count + addend`, or the largest number there is.
  private static func saturating(_ factor: Int, times count: Int, plus addend: Int = 0) -> Int {
    let (product, overflows) = factor.multipliedReportingOverflow(by: count)
    let (sum, exceeds) = product.addingReportingOverflow(addend)
    return overflows || exceeds ? .max : sum
  }
}

extension TrainingConfiguration {
  /// How many views of each image there are where nobody says: the frozen part runs once for each of them.
  public static let defaultViews = 4

  /// How many views of each training image the epochs use: epoch e, counted from 0, uses view e mod this.
  ///
  /// Whether something is frozen decides it where `views` is nil, because a view then costs a pass of the frozen part;
  /// where memory or disk keep anything does not, lest results depend on it.
  ///
  /// - Parameter hasFrozenPart: whether anything precedes the frontier.
  public func usedViews(hasFrozenPart: Bool) -> Int {
    guard let augmentation else { return 1 }
    let isKept = hasFrozenPart && augmentation.mixing == nil
    return min(views ?? (isKept ? Self.defaultViews : epochs), epochs)
  }
}

extension Trainer {
  /// What the first stage will remember, and where.
  public var cachePlan: CachePlan {
    get throws { try cachePlan(of: stages[0]) }
  }

  /// What a stage will remember, and where.
  public func cachePlan(of stage: TrainingStage) throws -> CachePlan {
    let logits = try model.logits
    var alone = configuration
    alone.epochs = stage.epochs
    return CachePlan(
      frontier: try stage.plan.frontier(of: logits).map { try logits.node($0) }, trainingImages: seen.count,
      validationImages: validation.count, configuration: alone)
  }
}
