namespace Cete.Expressions.Sql;

/// <summary>What databases spell differently. Bools are 0 and 1 in both.</summary>
internal abstract class Dialect
{
    public static Dialect Of(SqlDialect dialect) => dialect == SqlDialect.Sqlite ? new SqliteDialect() : new PostgreSqlDialect();

    /// <summary>Whether they are the same, null too.</summary>
    public abstract string Same(string a, string b, bool isNot);

    /// <summary>What makes an order of texts that of their code points.</summary>
    public abstract string Ordered(string text);

    /// <summary>+, - and * of integers: what does not fit must not come back as another number when <see cref="Fitting"/> looks at it.</summary>
    public abstract string Calculate(string a, string sign, string b, Once once);

    /// <summary>Null for what has no 64 bits.</summary>
    public abstract string Fitting(string number, Once once);

    /// <summary>An int in millionths, to be compared: it may be longer than 64 bits.</summary>
    public abstract string Millionths(string number);

    public abstract string Quotient(string a, string b);

    public abstract string Remainder(string a, string b, Once once);

    public abstract string TextBytes(string text);

    /// <summary>From 1, where <paramref name="part"/> begins in <paramref name="text"/>; 0 where it does not.</summary>
    public abstract string Position(string text, string part);

    /// <summary>A condition as a number, null where it is null.</summary>
    public abstract string Number(string condition);

    public abstract string EndsWith(string text, string part, Once once);

    public abstract string Lower(string text);

    public abstract string Upper(string text);

    public abstract string Trim(string text, string letters);

    /// <summary>The smaller or the larger one; null where one of them is.</summary>
    public abstract string Extreme(bool isMin, string a, string b, bool areTexts, Once once);

    /// <summary>The sum of a column v, exact: 0 of nothing, null where it does not fit.</summary>
    public abstract string Sum(string select, Func<string> alias);
}

/// <summary>Writes something several times without computing it several times or doubling the text at each level.</summary>
internal delegate string Once(string sql, Func<string, string> use);
