using System.Diagnostics;
using System.Globalization;
using Cete.Hocon;

// Prints the milliseconds that the first text of a process takes: tests/Benchmarks publishes this as the program is published.
var text = File.ReadAllText(args[0]);
var start = Stopwatch.GetTimestamp();
_ = HoconDocument.Load(text, "reference.conf");
Console.WriteLine(Stopwatch.GetElapsedTime(start).TotalMilliseconds.ToString(CultureInfo.InvariantCulture));
return 0;
