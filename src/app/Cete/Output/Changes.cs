using Cete.Api;
using Cete.Core;

namespace Cete.App.Output;

/// <summary>What came of a command that changes something or finds it so already.</summary>
internal static class Changes
{
    public static int Say(Outcome<ChangeAnswer> outcome, bool json, string changed, string already)
    {
        if (!outcome.Succeeded)
        {
            return ExitCodes.Say(outcome.Failure);
        }

        if (json)
        {
            JsonOut.Line(outcome.Value, ApiJson.Default.ChangeAnswer);
        }
        else
        {
            Console.WriteLine(outcome.Value.Changed ? changed : already);
        }

        return ExitCodes.Ok;
    }
}
