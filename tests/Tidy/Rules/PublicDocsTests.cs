namespace Cete.Tidy.Tests.Rules;

public sealed class PublicDocsTests
{
    private const string Path = "src/runtime/Cete.Ports/A.cs";

    [Fact]
    public void ThePromisedSurfaceIsExplained() => Tidy.AssertClean(PublicDocs.Findings(Checkout.Here));

    [Fact]
    public void WhatIsPublicAndSilentIsFound()
    {
        var planted = Checkout.Planted((Path, """
            public interface IStore
            {
                int Count { get; }
                void Put(int x);
                private void Help() { }
            }
            public record Pair(int A, int B);
            public enum Kind { A, B }
            public class Box
            {
                public Box() { }
                public const int Most = 1;
                public int Count { get; set; }
                public event Action? Changed;
                public override string ToString() => "";
                public static bool operator ==(Box a, Box b) => true;
                internal void Hidden() { }
                void AlsoHidden() { }
                [Obsolete]
                public void Shown() { }
                public delegate void Seen(int x);
            }
            class Inner { public void Unseen() { } }
            """));
        int[] lines = [1, 3, 4, 7, 8, 9, 12, 13, 14, 20, 21];
        Tidy.AssertFound(PublicDocs.Findings(planted), [.. lines.Select(line => $"{Path}:{line}")]);
    }

    [Fact]
    public void WhatIsExplainedOrElsewhereIsNot()
    {
        var planted = Checkout.Planted(
            (Path, """
            /// <summary>A box.</summary>
            [Serializable]
            public sealed partial class Box
            {
                /// <inheritdoc/>
                #pragma warning disable X // reason
                [Obsolete("x"), Other]
                public void Shown() { }

                /// <summary>Two.</summary>
                public int Two => 2;
            }
            """),
            ("src/runtime/Cete.Ports/A.Part.cs", "public partial class Box { }"),
            ("src/runtime/Cete.Groups/B.cs", "public class Silent { }"));
        Tidy.AssertFound(PublicDocs.Findings(planted));
    }
}
