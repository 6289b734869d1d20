/// How long one convolution takes on this machine by either algorithm, in seconds, and how long what it brings with it.
///
/// Winograd's algorithm multiplies less, but keeps its data in a layout of its own: where the layers beside it want another,
/// data are moved before and after.
public struct AlgorithmTimes: Hashable, Sendable, Codable {
  public var direct: Double
  public var winograd: Double
  /// Between the layouts that the two algorithms read; 0 where they are the same.
  public var inputConversion: Double
  /// Between the layouts that they write.
  public var outputConversion: Double

  public init(direct: Double, winograd: Double, inputConversion: Double, outputConversion: Double) {
    self.direct = direct
    self.winograd = winograd
    self.inputConversion = inputConversion
    self.outputConversion = outputConversion
  }

  /// - Parameters:
  ///   - convertsInput: whether what comes in has the direct algorithm's layout rather than Winograd's.
  ///   - convertsOutput: whether what follows wants the direct algorithm's.
  func prefersWinograd(convertsInput: Bool, convertsOutput: Bool) -> Bool {
    winograd + (convertsInput ? inputConversion : 0) + (convertsOutput ? outputConversion : 0)
      < direct + (convertsInput ? 0 : inputConversion)
  }
}

/// What has been measured on this machine, so that it is measured once: two measurements may end differently, and then the
/// last bits of all that follows do too.
public protocol AlgorithmRecord: AnyObject, Sendable {
  /// Changes whenever measurements that were there are not there any more: what was computed by them may be other bits.
  var identity: String { get }
  /// What is remembered of the convolution that `signature` describes.
  func times(of signature: String) -> AlgorithmTimes?
  /// Remembers a measurement, unless somebody else has by now.
  ///
  /// - Returns: what everybody goes by from here on.
  func remember(_ times: AlgorithmTimes, of signature: String) -> AlgorithmTimes
}
