namespace Cete.Actors.Tests;

/// <summary>Walks through every order in which a scenario's actors can take their turns.</summary>
internal static class Schedules
{
    /// <returns>How many orders there were.</returns>
    public static int Each(Action<World> scenario, int schedulesMax = 2_000_000)
    {
        var path = new List<(int Choice, int Of)>();
        for (var count = 1; ; count++)
        {
            Assert.True(count <= schedulesMax, "too many schedules");
            var depth = 0;
            scenario(new World(new StepDispatcher(ready =>
            {
                if (depth == path.Count)
                {
                    path.Add((0, ready));
                }

                Assert.Equal(path[depth].Of, ready);
                return path[depth++].Choice;
            })));
            while (path.Count > 0 && path[^1].Choice + 1 == path[^1].Of)
            {
                path.RemoveAt(path.Count - 1);
            }

            if (path.Count == 0)
            {
                return count;
            }

            path[^1] = (path[^1].Choice + 1, path[^1].Of);
        }
    }
}
