using Cete.Core;

namespace Cete.App.Output;

/// <summary>What the program ends with. The one place where failures become exit codes; the README lists them.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;
    public const int Bug = 1;
    public const int Usage = 2;
    public const int NotFound = 3;
    public const int Conflict = 4;
    public const int Unavailable = 5;
    public const int Damaged = 6;
    public const int Full = 7;

    /// <summary>Some of several were done.</summary>
    public const int Partly = 8;
    public const int Forbidden = 9;

    /// <summary>A node was examined, and has a problem.</summary>
    public const int Ailing = 10;

    /// <summary>It costs credits, and none were paid.</summary>
    public const int Unpaid = 11;

    /// <summary>The community's moderators took it down.</summary>
    public const int TakenDown = 12;

    /// <summary>As shells have it for Ctrl-C.</summary>
    public const int Cancelled = 130;

    public static int Of(Failure failure) => failure.Kind switch
    {
        FailureKind.Invalid or FailureKind.TooLarge => Usage,
        FailureKind.NotFound => NotFound,
        FailureKind.Conflict or FailureKind.Expired => Conflict,
        FailureKind.Forbidden or FailureKind.Unauthenticated => Forbidden,
        FailureKind.Damaged => Damaged,
        FailureKind.Full => Full,
        FailureKind.Cancelled => Cancelled,
        FailureKind.Unpaid => Unpaid,
        FailureKind.TakenDown => TakenDown,
        _ => Unavailable,
    };

    /// <summary>Says a failure on the error stream; returns its exit code.</summary>
    public static int Say(Failure failure)
    {
        Console.Error.WriteLine($"cete: {EntryName.Show(failure.Message)}");
        return Of(failure);
    }
}
