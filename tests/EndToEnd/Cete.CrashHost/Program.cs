using System.Globalization;
using Cete.CrashHost;

// CrashHost FOLDER CHECKPOINT-BYTES ACKED...: verifies what the loops were told before, then writes on until it is killed.
var acked = args[2..].Select(word => long.Parse(word, CultureInfo.InvariantCulture)).ToArray();
await using var host = Host.Open(args[0], long.Parse(args[1], CultureInfo.InvariantCulture));
if (await host.VerifyAsync(acked) is { } fault)
{
    await Console.Error.WriteLineAsync(fault);
    return 1;
}

await Console.Out.WriteLineAsync("verified");
using var output = new Acknowledgements(Console.OpenStandardOutput());
await Task.WhenAll(acked.Select((last, loop) => host.WriteAsync(loop, last, output)));
return 0;
