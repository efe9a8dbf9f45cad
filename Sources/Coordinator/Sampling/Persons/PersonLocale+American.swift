extension PersonLocale {
    static let americanEnglish = PersonLocale(
        maleNames: list(
            """
            James, Robert, John, Michael, David, William, Richard, Joseph, Thomas, Christopher, Charles, Daniel,
            Matthew, Anthony, Mark, Steven, Andrew, Paul, Joshua, Kenneth, Kevin, Brian, Timothy, Ronald, Jason,
            George, Edward, Jeffrey, Ryan, Jacob, Nicholas, Gary, Eric, Jonathan, Stephen, Larry, Justin, Scott,
            Brandon, Benjamin, Samuel, Gregory, Alexander, Patrick, Frank, Raymond, Jack, Dennis, Jerry, Tyler, Aaron,
            Jose, Adam, Nathan, Henry, Zachary, Douglas, Peter, Carlos, Luis, Ethan, Noah, Liam, Mason, Logan, Jamal,
            Darnell, Wei, Raj
            """),
        femaleNames: list(
            """
            Mary, Patricia, Jennifer, Linda, Elizabeth, Barbara, Susan, Jessica, Karen, Sarah, Lisa, Nancy, Sandra,
            Betty, Ashley, Emily, Kimberly, Margaret, Donna, Michelle, Carol, Amanda, Melissa, Deborah, Stephanie,
            Rebecca, Sharon, Laura, Cynthia, Dorothy, Amy, Kathleen, Angela, Shirley, Emma, Brenda, Pamela, Nicole,
            Anna, Samantha, Katherine, Christine, Debra, Rachel, Carolyn, Janet, Maria, Olivia, Heather, Helen,
            Catherine, Diane, Julie, Victoria, Joyce, Lauren, Kelly, Christina, Ruth, Joan, Ava, Sophia, Isabella,
            Mia, Latoya, Keisha, Mei, Priya
            """),
        lastNames: list(
            """
            Smith, Johnson, Williams, Brown, Jones, Garcia, Miller, Davis, Rodriguez, Martinez, Hernandez, Lopez,
            Gonzalez, Wilson, Anderson, Thomas, Taylor, Moore, Jackson, Martin, Lee, Perez, Thompson, White, Harris,
            Sanchez, Clark, Ramirez, Lewis, Robinson, Walker, Young, Allen, King, Wright, Scott, Torres, Nguyen, Hill,
            Flores, Green, Adams, Nelson, Baker, Hall, Rivera, Campbell, Mitchell, Carter, Roberts, Gomez, Phillips,
            Evans, Turner, Diaz, Parker, Cruz, Edwards, Collins, Reyes, Stewart, Morris, Morales, Murphy, Cook,
            Rogers, Gutierrez, Ortiz, Morgan, Cooper, Peterson, Bailey, Reed, Kelly, Howard, Ramos, Kim, Cox, Ward,
            Richardson, Watson, Brooks, Chavez, Wood, Bennett, Gray, Mendoza, Ruiz, Hughes, Price, Alvarez, Castillo,
            Sanders, Patel, Myers, Long, Ross, Foster, Chen, Singh
            """),
        streets: list(
            """
            {last} Street, {last} Avenue, {last} Road, {last} Drive, {last} Lane, {last} Court, {last} Boulevard,
            {last} Way, {first} Street, {first} Place, Oak Street, Maple Avenue, Cedar Lane, Main Street, Park Avenue,
            Lake Drive, Hill Road, Sunset Boulevard, River Road, Church Street
            """),
        cities: list(
            """
            New York, Los Angeles, Chicago, Houston, Phoenix, Philadelphia, San Antonio, San Diego, Dallas, San Jose,
            Austin, Jacksonville, Fort Worth, Columbus, Charlotte, Indianapolis, San Francisco, Seattle, Denver,
            Boston, Nashville, Detroit, Portland, Las Vegas, Memphis, Louisville, Baltimore, Milwaukee, Albuquerque,
            Tucson, Fresno, Sacramento, Kansas City, Mesa, Atlanta, Omaha, Colorado Springs, Raleigh, Miami, Oakland,
            Minneapolis, Tulsa, Tampa, Arlington, New Orleans, Wichita, Cleveland, Bakersfield, Aurora, Honolulu,
            Anchorage, Boise, Spokane, Richmond, Des Moines, Salt Lake City, Little Rock, Buffalo, Madison, Providence
            """),
        states: list(
            """
            Alabama, Alaska, Arizona, Arkansas, California, Colorado, Connecticut, Delaware, Florida, Georgia, Hawaii,
            Idaho, Illinois, Indiana, Iowa, Kansas, Kentucky, Louisiana, Maine, Maryland, Massachusetts, Michigan,
            Minnesota, Mississippi, Missouri, Montana, Nebraska, Nevada, New Hampshire, New Jersey, New Mexico, New
            York, North Carolina, North Dakota, Ohio, Oklahoma, Oregon, Pennsylvania, Rhode Island, South Carolina,
            South Dakota, Tennessee, Texas, Utah, Vermont, Virginia, Washington, West Virginia, Wisconsin, Wyoming
            """),
        postcodes: ["%####", "0%###", "1####"],
        phones: ["%##-%##-####", "(%##) %##-####", "+1-%##-%##-####", "%##.%##.####"],
        countries: englishCountries, occupations: englishOccupations)

    static let englishCountries = list(
        """
        Argentina, Australia, Austria, Bangladesh, Belgium, Bolivia, Brazil, Bulgaria, Cambodia, Cameroon, Canada,
        Chile, China, Colombia, Costa Rica, Croatia, Cuba, Denmark, Ecuador, Egypt, Estonia, Ethiopia, Fiji, Finland,
        France, Georgia, Germany, Ghana, Greece, Guatemala, Hungary, Iceland, India, Indonesia, Ireland, Italy,
        Jamaica, Japan, Jordan, Kenya, Latvia, Lebanon, Lithuania, Malaysia, Mali, Malta, Mexico, Mongolia, Morocco,
        Nepal, Netherlands, New Zealand, Nigeria, Norway, Oman, Pakistan, Panama, Peru, Philippines, Poland, Portugal,
        Romania, Rwanda, Senegal, Serbia, Singapore, Slovakia, Slovenia, South Africa, South Korea, Spain, Sri Lanka,
        Sweden, Switzerland, Tanzania, Thailand, Tunisia, Turkey, Uganda, Ukraine, United Kingdom, United States,
        Uruguay, Vietnam, Zambia
        """)

    static let englishOccupations = list(
        """
        Accountant, Actor, Architect, Baker, Bank clerk, Biologist, Bookkeeper, Bricklayer, Bus driver, Butcher,
        Carpenter, Cashier, Chef, Chemist, Civil engineer, Cleaner, Dancer, Data analyst, Dental hygienist, Dentist,
        Designer, Economist, Electrician, Farmer, Firefighter, Fisher, Flight attendant, Florist, Gardener, Geologist,
        Graphic artist, Hairdresser, Historian, Hotel manager, Insurance agent, Interpreter, Janitor, Journalist,
        Judge, Laboratory technician, Landscape architect, Lawyer, Librarian, Machinist, Marketing manager,
        Mathematician, Mechanic, Midwife, Musician, Nurse, Office manager, Optician, Painter, Paralegal, Paramedic,
        Pharmacist, Photographer, Physician, Physicist, Physiotherapist, Pilot, Plumber, Police officer, Postal
        worker, Potter, Primary school teacher, Project manager, Psychologist, Quality inspector, Receptionist,
        Roofer, Sales assistant, Secondary school teacher, Secretary, Social worker, Software developer, Statistician,
        Surgeon, Surveyor, Tailor, Tax adviser, Tour guide, Train driver, Translator, Travel agent, Truck driver,
        Veterinarian, Waiter, Warehouse worker, Welder, Writer
        """)
}
