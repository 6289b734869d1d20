/// How long a training will take, from what its programs take for one image.
public struct TimePrediction: Hashable, Sendable, Codable {
  /// What happens to activations between one epoch and the next.
  public enum Keeping: Hashable, Sendable, Codable {
    case memory
    /// They are read from the disk in every epoch.
    case disk(bytesPerSecond: Double)
    /// Every epoch computes them anew.
    case nowhere
  }

  /// What a machine was measured to take, beside the programs.
  public struct Rates: Hashable, Sendable, Codable {
    /// Reading and decoding one photograph to the network's size, all threads at work; decoding and computing take turns.
    public var decode: Double
    /// Once: compiling, and whatever else precedes the first image.
    public var start: Double

    public init(decode: Double, start: Double = 0) {
      self.decode = decode
      self.start = start
    }
  }

  /// How much there is to do.
  public struct Amount: Hashable, Sendable, Codable {
    public var trainingImages, validationImages: Int
    /// Of each training image; epoch e, counted from 0, uses view e mod this.
    public var views: Int
    public var epochs: Int
    public var training, validation: Keeping
    /// Of one view of one image at the frontier.
    public var bytesPerImage: Int

    public init(
      trainingImages: Int, validationImages: Int, views: Int = 1, epochs: Int, training: Keeping = .memory,
      validation: Keeping = .memory, bytesPerImage: Int = 0
    ) {
      self.trainingImages = trainingImages
      self.validationImages = validationImages
      self.views = views
      self.epochs = epochs
      self.training = training
      self.validation = validation
      self.bytesPerImage = bytesPerImage
    }
  }

  /// Seconds before the first epoch.
  public let start: Double
  /// Seconds of each epoch.
  public let epochs: [Double]

  public var firstEpoch: Double { epochs.first ?? 0 }
  /// Of an epoch in which nothing is new, or of the last where there is none.
  public var laterEpoch: Double { epochs.last ?? 0 }
  public var total: Double { start + epochs.reduce(0, +) }

  /// - Parameters:
  ///   - times: of the plan's programs.
  ///   - isRemembered: whether an earlier training has left all activations on the disk.
  public init(_ times: ProgramTimes, rates: Rates, amount: Amount, isRemembered: Bool = false) {
    let fresh = isRemembered ? 0 : rates.decode + times.prefix
    func seconds(_ keeping: Keeping, isNew: Bool) -> Double {
      switch keeping {
      case .memory: isNew ? fresh : 0
      case .disk(let rate): isNew && !isRemembered ? fresh : Double(amount.bytesPerImage) / rate
      case .nowhere: rates.decode + times.prefix
      }
    }
    start = rates.start
    epochs = (0..<max(amount.epochs, 0)).map { epoch in
      let training = times.training + seconds(amount.training, isNew: epoch < amount.views)
      let validation = times.evaluation + seconds(amount.validation, isNew: epoch == 0)
      return Double(amount.trainingImages) * training + Double(amount.validationImages) * validation
    }
  }
}
