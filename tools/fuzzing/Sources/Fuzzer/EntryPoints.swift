// What libFuzzer calls, and what it offers. Source: <https://llvm.org/docs/LibFuzzer.html>.

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafeRawPointer?, _ count: Int) -> Int32 {
  // libFuzzer lends a copy of just that size, so that the address sanitizer sees every byte read beyond it.
  FuzzTarget.chosen.run(UnsafeRawBufferPointer(start: start, count: count))
  return 0
}

@_cdecl("LLVMFuzzerCustomMutator")
public func customMutator(
  _ start: UnsafeMutableRawPointer, _ count: Int, _ capacity: Int, _ seed: UInt32
) -> Int {
  if FuzzTarget.chosen.isJSON, seed % 4 != 0 {
    let text = [UInt8](UnsafeRawBufferPointer(start: start, count: count))
    if let changed = JSONMutation(seed: UInt64(seed)).changed(text), changed.count <= capacity {
      changed.withUnsafeBytes { UnsafeMutableRawBufferPointer(start: start, count: capacity).copyMemory(from: $0) }
      return changed.count
    }
  }
  return mutate(start, count, capacity)
}

/// libFuzzer's own changes: bits, bytes, numbers, words of the dictionary, parts of other inputs.
@_silgen_name("LLVMFuzzerMutate")
private func mutate(_ start: UnsafeMutableRawPointer, _ count: Int, _ capacity: Int) -> Int
