import GraftTensors

/// The bytes of a tensor whose dimensions come from a file, or nil where they are negative or too large to multiply.
///
/// Zeros do not excuse the other dimensions: strides are their products all the same.
func checkedByteCount(of dimensions: [Int], elementByteCount: Int) -> Int? {
  var product = elementByteCount
  for dimension in dimensions {
    guard dimension >= 0 else { return nil }
    let (next, overflow) = product.multipliedReportingOverflow(by: max(dimension, 1))
    guard !overflow else { return nil }
    product = next
  }
  return dimensions.contains(0) ? 0 : product
}

/// The most that so many bytes can unpack to. zlib's technical notes: deflate packs at most 1032 bytes into one.
func largestSize(inflating byteCount: Int) -> Int {
  let (size, overflow) = byteCount.multipliedReportingOverflow(by: 1032)
  return overflow ? .max : size
}
