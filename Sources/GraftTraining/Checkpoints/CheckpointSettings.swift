import Foundation

/// Where a training leaves what it needs to go on after it was stopped, and how often.
public struct CheckpointSettings: Hashable, Sendable {
  /// Made when the training begins; it holds what was measured of convolution algorithms, too.
  public var folder: URL
  /// Seconds from one checkpoint to the next, at least: in a large network writing one takes seconds itself, and then they are
  /// further apart, so that they cost no more than a twentieth of the time.
  public var interval: Double
  /// How many are kept: the last ones, and what the best epoch has learnt.
  public var count: Int
  /// Whether to go on from the newest one that is there.
  public var resumes: Bool

  public init(folder: URL, interval: Double = 60, keeping count: Int = 2, resumes: Bool = false) {
    self.folder = folder
    self.interval = interval
    self.count = count
    self.resumes = resumes
  }

  /// The name of the newest checkpoint in the folder, by its place in the training; nil where there is none.
  public var newest: String? { CheckpointFolder.names(in: folder).last }
}
